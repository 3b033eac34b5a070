/** Stop 4: what waits in a lane becomes sessions, and each session's doorbell is rung. */
import { done, type Lane, type Outcome, snooze } from '@wsad/domain';
import { settleAttachmentConsent } from './attachment-consent.ts';
import { type Claim, claimInTurn } from './claim-in-turn.ts';
import { Busy, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

/** Where other large work is ahead, this lane's turn is looked for again. */
const TURN_LOOK_MS = 1_000;

export async function dispatchLane(world: World, lane: Lane): Promise<Outcome> {
  return await world.observe({ name: 'lane.dispatch', of: { nip: lane.nip } }, () => dispatch(world, lane));
}

async function dispatch(world: World, lane: Lane): Promise<Outcome> {
  try {
    await settleAttachmentConsent(world, lane.nip);
  } catch (error) {
    if (error instanceof Busy) return outcomeOf(error, world.clock());
    throw error;
  }
  const now = world.clock();
  const claim = await claimInTurn(world, lane);
  if (claim === null) return snooze(new Date(now.getTime() + TURN_LOOK_MS), 'other large work is ahead');
  const { decision, sessions } = claim;
  await Promise.all(sessions.map((session) => begun(world, lane.nip, session)));
  if (decision.kind === 'wait') return snooze(decision.until, `waiting for ${decision.why}`);
  return decision.kind === 'send' && decision.more ? snooze(now, 'more waits than was claimed') : done;
}

async function begun(world: World, nip: string, session: Claim['sessions'][number]): Promise<void> {
  const { id: sessionId, kind, invoices, origins } = session;
  const claim = {
    name: 'session.claim',
    of: { nip, sessionId, origins },
    facts: { kind, invoices },
  } as const;
  await world.observe(claim, async () => {
    world.emit({ type: 'session.claimed', nip, sessionId, kind, invoices });
    await world.doorbell.send(sessionId);
  });
}
