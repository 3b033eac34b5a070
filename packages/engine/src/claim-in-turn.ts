/**
 * Claiming what waits in a lane. Where much waits, that is counted and claimed in turn with other large work, and not counted
 * again at once: a lane whose sessions are kept apart by fractions of a second would be counted all the time.
 */
import { type Lane, laneKey, planDispatch } from '@wsad/domain';
import { byWorld } from './by-world.ts';
import { isLarge, largeInTurn } from './large-work.ts';
import type { World } from './ports.ts';

export type Claim = Awaited<ReturnType<World['ledger']['claimLane']>>;

/** How many waited in each large lane when it was last looked at; small ones are not kept. */
const lastCounts = byWorld(() => new Map<string, number>());

/** Of the time at most a fifth goes into counting one lane. */
const COUNTS_APART = 5;

/** Null where the line is too long: then it is better tried later. */
export async function claimInTurn(world: World, lane: Lane): Promise<Claim | null> {
  const waited = lastCounts(world).get(laneKey(lane)) ?? 0;
  return await largeInTurn(world, 'claiming', waited, () => claim(world, lane));
}

async function claim(world: World, lane: Lane): Promise<Claim> {
  const counts = lastCounts(world);
  counts.delete(laneKey(lane));
  const now = world.clock();
  const { decision, sessions } = await world.ledger.claimLane(lane, now, (waiting, room) => {
    if (isLarge(waiting.count)) counts.set(laneKey(lane), waiting.count);
    return planDispatch(now, waiting, room);
  });
  if (decision.kind !== 'wait') return { decision, sessions };
  const tookMs = world.clock().getTime() - now.getTime();
  const soonest = new Date(now.getTime() + COUNTS_APART * tookMs);
  return { decision: { ...decision, until: decision.until > soonest ? decision.until : soonest }, sessions };
}
