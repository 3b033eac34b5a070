import { namesOf, recommendedMissing, sendingForbidden } from '@wsad/domain';
import type { SellerRecord, SellerStatus } from '@wsad/ledger';
import type { z } from 'zod';
import type { sellerPage, sellerStatus } from '../schemas/seller-status.ts';
import { certificateAnswer } from './certificate-answer.ts';
import { connectionAnswer } from './connection-answer.ts';
import { instantOf } from './instant.ts';

export function sellerStatusAnswer(status: SellerStatus, now: Date): z.input<typeof sellerStatus> {
  const { nip, authentication, connection, paused, systemPaused, pending, held, limits } = status;
  const { state, method, validUntil, permissions, lastError, certificate } = authentication;
  const obstacle = obstacleOf(status);
  return {
    nip,
    authentication: {
      ...{ state, method, permissions: [...(permissions ?? [])], lastError },
      credentials: status.credentials,
      validUntil: instantOf(validUntil),
      certificate: certificate === null ? null : certificateAnswer(certificate, now),
      recommendedMissing: recommendedMissing(permissions),
    },
    connection: connectionAnswer(connection),
    paused: paused || systemPaused,
    reconciling:
      status.reconciling === null
        ? null
        : { since: status.reconciling.since.toISOString(), lastError: status.reconciling.lastError },
    ready: obstacle === null,
    reason: obstacle ?? remarkOf(status, status.deadlinesPassed),
    ...{ pending, held },
    nextDispatchAt: instantOf(status.nextDispatchAt),
    nextDeadlineAt: instantOf(status.nextDeadlineAt),
    deadlinesNear: status.deadlinesNear,
    deadlinesPassed: status.deadlinesPassed,
    limits: limits.map((limit) => ({ ...limit })),
  };
}

/** The same in short. Deadlines are not looked at: the list is of many. */
export function sellerSummaryAnswer(record: SellerRecord): z.input<typeof sellerPage>['items'][number] {
  const { nip, paused, createdAt, authentication, pending, held } = record;
  const obstacle = obstacleOf(record);
  return {
    ...{ nip, paused, createdAt: createdAt.toISOString() },
    authentication: authentication.state,
    method: authentication.method,
    validUntil: instantOf(authentication.validUntil),
    ready: obstacle === null,
    reason: obstacle ?? remarkOf(record, 0),
    ...{ pending, held },
  };
}

/** What keeps the seller's invoices from going out now, and what to do about it; null where nothing does. */
function obstacleOf(status: SellerRecord): string | null {
  return (
    loginObstacle(status) ?? pauseObstacle(status) ?? connectionObstacle(status) ?? behindObstacle(status)
  );
}

function loginObstacle({ nip, credentials, authentication }: SellerRecord): string | null {
  const { state, lastError, permissions } = authentication;
  const why = lastError === null ? '' : ` (${lastError})`;
  const put = `PUT /v1/sellers/${nip}/credentials`;
  if (credentials === 'none')
    return `There are no credentials for this seller. Put a KSeF token or a certificate with ${put}.`;
  if (state === 'refused') return `KSeF refused the login${why}. Put good credentials with ${put}.`;
  if (state === 'blocked')
    return `KSeF blocked this seller's context${why}. Clear it up with KSeF, then put credentials with ${put}.`;
  if (state === 'opening') return 'The login at KSeF is being opened. It takes a few seconds: ask again.';
  if (state === 'none')
    return lastError === null
      ? 'There has been no login yet. It opens by itself within seconds: ask again.'
      : `The login has not succeeded yet${why}. wsad keeps trying: ask again.`;
  if (permissions !== null && sendingForbidden(permissions) !== null)
    return `This login may not send invoices: it has ${namesOf(permissions)}. Grant it InvoiceWrite in KSeF and log in again with POST /v1/sellers/${nip}/login, or put other credentials with ${put}.`;
  return null;
}

function pauseObstacle({ nip, paused, systemPaused }: SellerRecord): string | null {
  if (systemPaused)
    return 'Sending is paused for all sellers. An administrator resumes it with POST /v1/resume.';
  if (paused) return `Sending is paused for this seller. Resume it with POST /v1/sellers/${nip}/resume.`;
  return null;
}

function connectionObstacle({ connection }: SellerRecord): string | null {
  if (connection.state !== 'down') return null;
  const why = connection.lastError === null ? '' : ` (${connection.lastError})`;
  return `KSeF does not answer${why}. Invoices are kept and go as soon as it does; there is nothing to do.`;
}

function behindObstacle({ reconciling }: SellerRecord): string | null {
  if (reconciling === null) return null;
  const why = reconciling.lastError === null ? '' : ` (${reconciling.lastError})`;
  return `This ledger does not know all that KSeF got since ${reconciling.since.toISOString()}. It is being asked${why}, and nothing is sent before; there is nothing to do.`;
}

/** Worth knowing although it can send. */
function remarkOf(status: SellerRecord, deadlinesPassed: number): string | null {
  const { nip, authentication, connection, held, shutOut } = status;
  if (shutOut !== null)
    return `KSeF does not let this login see what became of invoices that were sent (${shutOut}). Grant it Introspection in KSeF and log in again with POST /v1/sellers/${nip}/login, or put the credentials that sent them with PUT /v1/sellers/${nip}/credentials.`;
  if (held > 0)
    return `${held} held invoices wait for a person: GET /v1/invoices?state=held tells why of each.`;
  if (deadlinesPassed > 0)
    return `${deadlinesPassed} waiting invoices are past their deadline: GET /v1/invoices/{id} tells the rule of each.`;
  if (authentication.state === 'expired')
    return 'The login has run out; the next sending opens a new one by itself.';
  if (connection.state === 'degraded') return 'KSeF fails some calls; wsad repeats them by itself.';
  return null;
}
