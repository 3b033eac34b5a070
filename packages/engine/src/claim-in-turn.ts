/**
 * Claiming what waits in a lane. Where much waits, that is counted and claimed in turn with other large work, and not counted
 * again at once: a lane whose sessions are kept apart by fractions of a second would be counted all the time.
 */
import { type DispatchDecision, type Lane, laneKey, planDispatch } from '@wsad/domain';
import { byWorld } from './by-world.ts';
import { expectNext, isLarge, largeInTurn, smallFirst } from './large-work.ts';
import type { World } from './ports.ts';

export type Claim = Awaited<ReturnType<World['ledger']['claimLane']>>;

/** How many were left waiting in each large lane when it was last looked at; small ones are not kept. */
const lastCounts = byWorld(() => new Map<string, number>());

/** About a fifth of the time goes into counting a large lane. */
const COUNTS_APART = 5;
/** No lane stands for longer than this because of counting, which may only have been slow since it waited for a lock. */
const APART_MS_MAX = 2_000;

/** Null where the line is too long: then it is better tried later. */
export async function claimInTurn(world: World, lane: Lane): Promise<Claim | null> {
  const waited = lastCounts(world).get(laneKey(lane)) ?? 0;
  return await largeInTurn(world, 'claiming', waited, () =>
    smallFirst(world, waited, (large) => claim(world, lane, large)),
  );
}

async function claim(world: World, lane: Lane, large: () => void): Promise<Claim> {
  const now = world.clock();
  let waited = 0;
  const claimed = await world.ledger.claimLane(lane, now, (waiting, room) => {
    waited = waiting.count;
    const decision = planDispatch(now, waiting, room);
    // It must not stand for itself while it binds what it claims.
    if (decision.kind === 'send' && decision.claims.some(({ count }) => isLarge(count))) large();
    keepCount(world, lane, waited - claimedBy(decision));
    return decision;
  });
  for (const { id, invoices } of claimed.sessions) expectNext(world, id, invoices);
  if (claimed.decision.kind !== 'wait' || !isLarge(waited)) return claimed;
  const tookMs = world.clock().getTime() - now.getTime();
  const soonest = new Date(now.getTime() + Math.min(COUNTS_APART * tookMs, APART_MS_MAX));
  const until = claimed.decision.until > soonest ? claimed.decision.until : soonest;
  return { ...claimed, decision: { ...claimed.decision, until } };
}

/** Groups on trial are not counted among those that wait. */
function claimedBy(decision: DispatchDecision): number {
  const claims = decision.kind === 'send' ? decision.claims.filter(({ which }) => which !== 'trial') : [];
  return claims.reduce((sum, { count }) => sum + count, 0);
}

function keepCount(world: World, lane: Lane, left: number): void {
  if (isLarge(left)) lastCounts(world).set(laneKey(lane), left);
  else lastCounts(world).delete(laneKey(lane));
}
