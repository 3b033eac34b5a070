/** The queue is a doorbell that may be lost: this round rings again for everything the ledger says is due. */
import { type Lane, laneKey } from '@wsad/domain';
import type { World } from './ports.ts';

const RINGS_PER_ROUND = 500;
/**
 * What is due in so many rounds on end is rung for anew: the queue may believe that a job is at it which died, and keep
 * all other rings for when that one ends.
 */
const ROUNDS_UNHEARD = 20;
/** What was rung for in two rounds on end most likely waits its turn in the queue: a ring costs as much as a job. */
const ROUNDS_AT_ONCE = 2;
const ROUNDS_PER_RING = 5;

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
  const ring = async (kind: Kind, id: string, ringing: (anew: number) => Promise<void>): Promise<void> => {
    const rounds = unheard.get(keyOf(kind, id)) ?? 0;
    if (rounds < ROUNDS_AT_ONCE || rounds % ROUNDS_PER_RING === 0)
      await ringing(Math.floor(rounds / ROUNDS_UNHEARD));
  };
  await Promise.all([
    ...lanes.map((lane: Lane) =>
      ring('dispatch', laneKey(lane), (anew) => world.doorbell.dispatch(lane, anew)),
    ),
    ...toSend.map((id) => ring('send', id, (anew) => world.doorbell.send(id, anew))),
    ...toFollow.map((id) => ring('follow', id, (anew) => world.doorbell.follow(id, anew))),
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
