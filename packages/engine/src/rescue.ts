/** The queue is a doorbell that may be lost: this round rings again for everything the ledger says is due. */
import { type Lane, laneKey } from '@wsad/domain';
import type { World } from './ports.ts';

const RINGS_PER_ROUND = 500;
/**
 * What is due in so many rounds on end is rung for anew: the queue may believe that a job is at it which died, and keep
 * all other rings for when that one ends.
 */
const ROUNDS_UNHEARD = 20;

type Kind = 'dispatch' | 'send' | 'follow';

export async function rescue(world: World): Promise<Record<Kind, number>> {
  const now = world.clock();
  const [due, awaitingConsent, toSend, toFollow] = await Promise.all([
    world.ledger.lanesDue(now, RINGS_PER_ROUND),
    world.ledger.lanesAwaitingConsent(now, RINGS_PER_ROUND),
    world.ledger.sessionsToSend(now, RINGS_PER_ROUND),
    world.ledger.sessionsToFollow(now, RINGS_PER_ROUND),
  ]);
  const lanes = [...due, ...awaitingConsent];
  const unheard = unheardIn(world, [
    ...lanes.map((lane) => keyOf('dispatch', laneKey(lane))),
    ...toSend.map((id) => keyOf('send', id)),
    ...toFollow.map((id) => keyOf('follow', id)),
  ]);
  const anew = (kind: Kind, id: string) => Math.floor((unheard.get(keyOf(kind, id)) ?? 0) / ROUNDS_UNHEARD);
  await Promise.all([
    ...lanes.map((lane: Lane) => world.doorbell.dispatch(lane, anew('dispatch', laneKey(lane)))),
    ...toSend.map((id) => world.doorbell.send(id, anew('send', id))),
    ...toFollow.map((id) => world.doorbell.follow(id, anew('follow', id))),
  ]);
  return { dispatch: lanes.length, send: toSend.length, follow: toFollow.length };
}

const roundsByWorld = new WeakMap<World, ReadonlyMap<string, number>>();

/** For each that is due now, in how many rounds before it was due as well, on end. */
function unheardIn(world: World, due: readonly string[]): ReadonlyMap<string, number> {
  const before = roundsByWorld.get(world);
  const rounds = new Map(due.map((key) => [key, (before?.get(key) ?? -1) + 1]));
  roundsByWorld.set(world, rounds);
  return rounds;
}

function keyOf(kind: Kind, id: string): string {
  return `${kind} ${id}`;
}
