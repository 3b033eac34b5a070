import { daysUntil } from '@wsad/domain';
import type { Connection, LedgerIncident, Overview } from '@wsad/ledger';
import type { z } from 'zod';
import type { overview } from '../schemas/overview.ts';

export type Incident = z.input<typeof overview>['incidents'][number];

/** KSeF first, then what is out of order here. `queueDownSince` is null while the queue answers. */
export function incidentsAnswer(
  { connection, incidents }: Overview,
  queueDownSince: Date | null,
  now: Date,
): Incident[] {
  const ours = incidents.map((incident) => ({
    kind: incident.kind,
    since: incident.since.toISOString(),
    text: textOf(incident, now),
    nip: incident.nip,
  }));
  return [...ofKsef(connection, now), ...ofQueue(queueDownSince), ...ours];
}

function ofKsef(
  { state, lastError, lastErrorAt, lastSuccessAt, latarnia }: Connection,
  now: Date,
): Incident[] {
  const incidents: Incident[] = [];
  const since = (lastSuccessAt ?? lastErrorAt ?? now).toISOString();
  if (state === 'down')
    incidents.push({
      kind: 'ksefDown',
      since,
      text: `KSeF does not answer${because(lastError)}. Invoices are kept and go as soon as it does; there is nothing to do.`,
      nip: null,
    });
  if (state === 'degraded')
    incidents.push({
      kind: 'ksefDegraded',
      since,
      text: 'KSeF fails some calls; wsad repeats them by itself.',
      nip: null,
    });
  if (latarnia !== null && latarnia.status !== 'AVAILABLE')
    incidents.push({
      kind: 'latarnia',
      since: (latarnia.messages[0]?.startsAt ?? latarnia.readAt).toISOString(),
      text: `KSeF's status service says ${latarnia.status}${because(latarnia.messages[0]?.title ?? null)}.`,
      nip: null,
    });
  return incidents;
}

function ofQueue(downSince: Date | null): Incident[] {
  if (downSince === null) return [];
  const text =
    'The queue cannot be reached. Invoices are taken in all the same and go as soon as it is back: see to its server.';
  return [{ kind: 'queueUnreachable', since: downSince.toISOString(), text, nip: null }];
}

function textOf({ kind, nip, detail, endsAt }: LedgerIncident, now: Date): string {
  switch (kind) {
    case 'allPaused':
      return 'Sending is paused for all sellers. An administrator resumes it with POST /v1/resume.';
    case 'sellerPaused':
      return `Sending is paused for this seller. Resume it with POST /v1/sellers/${nip}/resume.`;
    case 'loginRefused':
      return `KSeF refused the login${because(detail)}. Put good credentials with PUT /v1/sellers/${nip}/credentials.`;
    case 'loginBlocked':
      return `KSeF blocked this seller's context${because(detail)}. Clear it up with KSeF, then put credentials with PUT /v1/sellers/${nip}/credentials.`;
    case 'reconciling':
      return `KSeF is being asked what it has of this seller${because(detail)}, and nothing is sent before; there is nothing to do.`;
    case 'payloadDamaged':
      return `Damaged in the database and therefore not sent: ${detail} of this seller's invoices. Look for a damaged disk or database; hand the same files in again in a new call (under a new Idempotency-Key), or restore them from a backup and retry.`;
    case 'certificateRunsOut':
      return runsOut(detail, endsAt ?? now, now);
    case 'webhookFailing':
      return `The webhook to ${hostOf(detail)} takes nothing. It is tried again for days; see to its receiver.`;
    case 'webhookDisabled':
      return `The webhook to ${hostOf(detail)} was disabled. GET /v1/webhooks says why; enable it once its receiver works.`;
  }
}

function runsOut(sharedName: string | null, endsAt: Date, now: Date): string {
  const whose =
    sharedName === null ? 'A certificate of this seller' : `The shared certificate "${sharedName}"`;
  return endsAt <= now
    ? `${whose} has run out. Replace it.`
    : `${whose} runs out in ${daysUntil(endsAt, now)} days. Replace it before.`;
}

/** The rest of the address may hold what is not for everybody. */
function hostOf(url: string | null): string {
  return URL.parse(url ?? '')?.host ?? 'an unknown host';
}

function because(why: string | null): string {
  return why === null ? '' : ` (${why})`;
}
