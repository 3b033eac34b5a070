/** Stop 4: what waits in a lane becomes sessions, and each session's doorbell is rung. */
import { done, type Lane, type Outcome, planDispatch, snooze } from '@wsad/domain';
import type { World } from './ports.ts';

export async function dispatchLane(world: World, lane: Lane): Promise<Outcome> {
  const now = world.clock();
  const { decision, sessions } = await world.ledger.claimLane(lane, now, (waiting) =>
    planDispatch(now, waiting),
  );
  for (const session of sessions) {
    world.emit({
      type: 'session.claimed',
      nip: lane.nip,
      sessionId: session.id,
      kind: session.kind,
      invoices: session.invoices,
    });
  }
  await Promise.all(sessions.map((session) => world.doorbell.send(session.id)));
  return decision.kind === 'wait' ? snooze(decision.until, 'lingering for neighbours') : done;
}
