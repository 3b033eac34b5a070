/** Stop 4: what waits in a lane becomes sessions, and each session's doorbell is rung. */
import { done, type Lane, type Outcome, planDispatch, snooze } from '@wsad/domain';
import { settleAttachmentConsent } from './attachment-consent.ts';
import { Busy, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

export async function dispatchLane(world: World, lane: Lane): Promise<Outcome> {
  try {
    await settleAttachmentConsent(world, lane.nip);
  } catch (error) {
    if (error instanceof Busy) return outcomeOf(error, world.clock());
    throw error;
  }
  const now = world.clock();
  const { decision, sessions } = await world.ledger.claimLane(lane, now, (waiting, room) =>
    planDispatch(now, waiting, room),
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
  if (decision.kind === 'wait') return snooze(decision.until, `waiting for ${decision.why}`);
  return decision.kind === 'send' && decision.more ? snooze(now, 'more waits than was claimed') : done;
}
