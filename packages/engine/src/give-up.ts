/** The two ways in which a session that was never closed ends: its invoices go in another one. */
import { done, type KsefFault, type Outcome, type SendingSession } from '@wsad/domain';
import type { World } from './ports.ts';

/** Nothing in an unclosed session is processed, so its invoices can go at once; the session is still followed. */
export async function giveUp(world: World, session: SendingSession, why: string): Promise<Outcome> {
  await world.ledger.abandonSession(session.id, session.fence, why, world.clock());
  world.emit({ type: 'session.abandoned', nip: session.nip, sessionId: session.id, why });
  return await backInLine(world, session);
}

/** KSeF finds the session itself wrong: a few more tries, then its invoices are held for a person. */
export async function refusedByKsef(
  world: World,
  session: SendingSession,
  fault: KsefFault,
): Promise<Outcome> {
  const { code, status, description, details } = fault.fault;
  const verdict = { code: code ?? status ?? 0, description, details };
  await world.ledger.failUnclosed(session.id, session.fence, verdict, world.clock());
  world.emit({
    type: 'session.failed',
    nip: session.nip,
    sessionId: session.id,
    code: verdict.code,
    description,
  });
  return await backInLine(world, session);
}

async function backInLine(world: World, session: SendingSession): Promise<Outcome> {
  await world.doorbell.dispatch({ nip: session.nip, form: session.form, mode: session.mode });
  return done;
}
