/** Stop 6: one session from `claimed` to `closed`, by whoever holds its lease, from wherever the last one stopped. */
import {
  backoffMs,
  done,
  FenceLost,
  KsefDown,
  KsefFault,
  type Outcome,
  PayloadDamaged,
  partsNeverArrived,
  type SendingSession,
  snooze,
  tellJobFailure,
} from '@wsad/domain';
import { closeSession } from './close.ts';
import { withoutDamaged } from './damaged.ts';
import { giveUp, refusedByKsef } from './give-up.ts';
import { smallFirst } from './large-work.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { holdSeller, LoginHeld, outcomeOf, StillOpen, shutOutBy } from './outcomes.ts';
import { SHUT_OUT_LOOK_MS } from './poll-schedule.ts';
import type { World } from './ports.ts';
import { sendBatch } from './send-batch.ts';
import { sendInteractively } from './send-interactively.ts';

const BACKOFF_MS_MAX = 120_000;

export async function sendSession(world: World, sessionId: string): Promise<Outcome> {
  const session = await world.ledger.acquireSession(sessionId, world.owner, world.clock(), LEASE_MS);
  if (session === null) return done;
  const { nip, origins, kind, invoiceCount: invoices, tries: attempt } = session;
  const work = {
    name: 'session.send',
    of: { nip, sessionId, origins },
    facts: { kind, invoices, attempt },
  } as const;
  const sent = () => world.observe(work, () => sendUnderLease(world, session));
  return await smallFirst(world, invoices, sent, sessionId);
}

async function sendUnderLease(world: World, session: SendingSession): Promise<Outcome> {
  const lease = keepLease(world, session.id, session.fence);
  let outcome: Outcome = done;
  try {
    await sendOn(world, session, lease.signal);
  } catch (error) {
    outcome = await stopped(world, session, error);
  } finally {
    lease.stop();
    const retryAt = outcome.kind === 'snooze' ? outcome.until : null;
    await world.ledger.releaseLease(session.id, session.fence, retryAt);
  }
  return outcome;
}

async function sendOn(world: World, session: SendingSession, lost: AbortSignal): Promise<void> {
  if (session.state === 'closing') return await closeSession(world, session, { mayHaveClosed: true });
  if (session.kind === 'batch') return await sendBatch(world, session, lost);
  return await sendInteractively(world, session, lost);
}

/**
 * Why the session did not get through, and what becomes of it. Giving it up is only tried: where KSeF may hold its
 * invoices the ledger refuses, and the session goes on, later, to be closed.
 */
async function stopped(world: World, session: SendingSession, error: unknown): Promise<Outcome> {
  // Somebody else has the session now, and goes on with it.
  if (error instanceof FenceLost) return done;
  if (error instanceof LoginHeld) {
    const ended = await giveUp(world, session, error.message);
    await holdSeller(world, session.nip, error);
    return ended ?? (await later(world, session, error));
  }
  // Not opened yet: back in line, where its invoices wait for KSeF with all others, in as few sessions as they need.
  if (error instanceof KsefDown)
    return (
      (await giveUp(world, session, error.message, { unopened: true })) ?? snooze(error.at, error.message)
    );
  if (error instanceof PayloadDamaged)
    return (await withoutDamaged(world, session, error)) ?? (await later(world, session, error));
  if (error instanceof StillOpen)
    return (await partsMissing(world, session, error.fault)) ?? (await later(world, session, error));
  if (error instanceof KsefFault)
    return (await endedBy(world, session, error)) ?? (await later(world, session, error));
  return await later(world, session, error);
}

/** The parts of a batch never arrived although uploading them was answered well. */
async function partsMissing(
  world: World,
  session: SendingSession,
  fault: KsefFault,
): Promise<Outcome | null> {
  if (session.kind !== 'batch' || !partsNeverArrived(fault.fault.code)) return null;
  return await refusedByKsef(world, session, fault, { partsMissing: true });
}

async function endedBy(world: World, session: SendingSession, fault: KsefFault): Promise<Outcome | null> {
  switch (fault.treatment) {
    case 'new-session':
      return await giveUp(world, session, fault.message);
    case 'stop':
      return await refusedByKsef(world, session, fault, { partsMissing: false });
    case 'hold-permission': {
      const ended = await giveUp(world, session, fault.message);
      if (ended !== null)
        await holdSeller(world, session.nip, new LoginHeld('permission_missing', fault.message), {
          byCall: true,
        });
      return ended;
    }
    default:
      return null;
  }
}

/** The ledger is told when to try again, so that no bell rings through it. */
async function later(world: World, session: SendingSession, error: unknown): Promise<Outcome> {
  const now = world.clock();
  const outcome = outcomeOf(error, now);
  if (outcome.kind !== 'retry') return outcome;
  const shutOut = shutOutBy(error);
  if (shutOut !== null) await world.ledger.recordShutOut(session.id, shutOut, now);
  const mostMs = shutOut === null ? BACKOFF_MS_MAX : SHUT_OUT_LOOK_MS;
  if (!(error instanceof LoginHeld)) tellJobFailure(world.emit, 'send', outcome.error);
  return snooze(new Date(now.getTime() + backoffMs(session.tries, mostMs)), outcome.error.message);
}
