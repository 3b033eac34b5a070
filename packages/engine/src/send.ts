/** Stop 6: one session from `claimed` to `closed`, by whoever holds its lease, from wherever the last one stopped. */
import { done, FenceLost, KsefFault, type Outcome, type SendingSession } from '@wsad/domain';
import { closeSession } from './close.ts';
import { giveUp, refusedByKsef } from './give-up.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { holdSeller, LoginHeld, NotClosed, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';
import { sendBatch } from './send-batch.ts';
import { sendInteractively } from './send-interactively.ts';

export async function sendSession(world: World, sessionId: string): Promise<Outcome> {
  const session = await world.ledger.acquireSession(sessionId, world.owner, world.clock(), LEASE_MS);
  if (session === null) return done;
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

/** Why the session did not get through, and what becomes of it. */
async function stopped(world: World, session: SendingSession, error: unknown): Promise<Outcome> {
  // Somebody else has the session now, and goes on with it.
  if (error instanceof FenceLost) return done;
  if (error instanceof LoginHeld) {
    if (session.reference === null) await giveUp(world, session, error.message);
    await holdSeller(world, session.nip, error);
    return done;
  }
  if (error instanceof NotClosed) return await refusedByKsef(world, session, error.fault);
  if (error instanceof KsefFault && !isClosing(error)) {
    if (error.treatment === 'new-session') return await giveUp(world, session, error.message);
    if (error.treatment === 'stop') return await refusedByKsef(world, session, error);
    if (error.treatment === 'hold-permission') {
      await giveUp(world, session, error.message);
      await holdSeller(world, session.nip, new LoginHeld('permission_missing', error.message));
      return done;
    }
  }
  return outcomeOf(error, world.clock());
}

/** Once closing has begun the session's fate is KSeF's alone: it is asked again until it answers. */
function isClosing(fault: KsefFault): boolean {
  return ['closeBatch', 'closeOnline', 'sessionStatus'].includes(fault.fault.operation);
}
