/** The ways in which a session that was never closed ends: its invoices go in another one. The ledger has the last word. */
import { done, type KsefFault, type Outcome, type SendingSession } from '@wsad/domain';
import type { World } from './ports.ts';

/** Null where KSeF may hold its invoices already: then nothing was done, and the session must be closed. */
export async function giveUp(
  world: World,
  session: SendingSession,
  why: string,
  known: { unopened: boolean } = { unopened: false },
): Promise<Outcome | null> {
  const { id, fence } = session;
  if (!(await world.ledger.abandonSession(id, fence, why, world.clock(), known))) return null;
  return await givenUp(world, session, why);
}

/** The ledger has given it up: it is told, and its invoices are taken up again. */
export async function givenUp(world: World, session: SendingSession, why: string): Promise<Outcome> {
  world.emit({ type: 'session.abandoned', nip: session.nip, sessionId: session.id, why });
  return await backInLine(world, session);
}

/** KSeF finds the session itself wrong: a few more tries, then its invoices are held for a person. Null as above. */
export async function refusedByKsef(
  world: World,
  session: SendingSession,
  refusal: KsefFault,
  known: { partsMissing: boolean },
): Promise<Outcome | null> {
  const { id, fence, nip } = session;
  const { code, status, description, details } = refusal.fault;
  const verdict = { code: code ?? status ?? 0, description, details };
  if (!(await world.ledger.failUnclosed(id, fence, verdict, world.clock(), known))) return null;
  world.emit({ type: 'session.failed', nip, sessionId: id, code: verdict.code, description });
  return await backInLine(world, session);
}

async function backInLine(world: World, session: SendingSession): Promise<Outcome> {
  await world.doorbell.dispatch({ nip: session.nip, form: session.form, mode: session.mode });
  return done;
}
