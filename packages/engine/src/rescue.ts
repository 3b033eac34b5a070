/** The queue is a doorbell that may be lost: this round rings again for everything the ledger says is due. */
import type { World } from './ports.ts';

const RINGS_PER_ROUND = 500;

export async function rescue(world: World): Promise<{ dispatch: number; send: number; follow: number }> {
  const now = world.clock();
  const [due, awaitingConsent, toSend, toFollow] = await Promise.all([
    world.ledger.lanesDue(now, RINGS_PER_ROUND),
    world.ledger.lanesAwaitingConsent(now, RINGS_PER_ROUND),
    world.ledger.sessionsToSend(now, RINGS_PER_ROUND),
    world.ledger.sessionsToFollow(now, RINGS_PER_ROUND),
  ]);
  const lanes = [...due, ...awaitingConsent];
  await Promise.all([
    ...lanes.map((lane) => world.doorbell.dispatch(lane)),
    ...toSend.map((id) => world.doorbell.send(id)),
    ...toFollow.map((id) => world.doorbell.follow(id)),
  ]);
  return { dispatch: lanes.length, send: toSend.length, follow: toFollow.length };
}
