/**
 * What no plan can promise that draws no lots and does not know when a burst ends: a game between a plan, which after each call sends
 * what waits as a batch or lets it wait, and an adversary, who ends the burst. For a ratio it is asked whether any plan keeps
 * each burst's mean within so many times what it is for whoever knows the end; the largest ratio that none keeps is sought.
 *
 * It bounds all plans from below that go by the rules. While a burst goes on all bursts look alike, so that a plan is one list of
 * the calls at which it sends, whatever the end will be; that there was no further call is seen when it should have come.
 * To send between two calls is to send later what could have left at the first of them, knowing as much. To leave some behind
 * that a batch could take makes these wait longer and no batch cheaper. What waits is always more than five: no session but a
 * batch may take it. Relaxed are the windows of seconds and minutes, the time that calls take, and the hour, of which
 * all is back at once as soon as the first batch may be.
 *
 * Of all ways to have spent so many batches and to have so many calls waiting, the one that has waited least is as good as any
 * in all that follows. So it is enough to keep that one, call by call, and drop what would break the promise were this the end.
 */
import { type Bursts, yardSeconds } from './bursts.ts';

/** By how many batches are spent, and by how many calls are waiting: the seconds that all calls have waited, at least. */
type Reached = readonly Float64Array[];

const NEVER = Number.POSITIVE_INFINITY;
const NONE: Float64Array = new Float64Array();
const HALVINGS = 16;

/** No plan keeps all bursts within this ratio; the least that can be kept is higher by a thousandth at most. */
export function unpromisedRatio(bursts: Bursts): number {
  let [broken, kept] = [0, 1];
  while (!isPromised(kept, bursts)) [broken, kept] = [kept, 2 * kept];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const ratio = (broken + kept) / 2;
    if (isPromised(ratio, bursts)) kept = ratio;
    else broken = ratio;
  }
  return broken;
}

function isPromised(ratio: number, bursts: Bursts): boolean {
  const ends = new Set(bursts.ends);
  let reached: Reached = [Float64Array.of(0)];
  for (let call = 1; call <= (bursts.ends.at(-1) ?? 0); call += 1) {
    const allowed = ends.has(call) ? ratio * call * yardSeconds(call, bursts) : NEVER;
    reached = afterCall(call, reached, allowed, bursts);
    if (reached.every(({ length }) => length === 0)) return false;
  }
  return true;
}

/** The call has come; what waits goes or stays, and if this is the end no more may have been waited for than is allowed. */
function afterCall(call: number, before: Reached, allowed: number, bursts: Bursts): Reached {
  const { batches, gapSeconds, hourSeconds } = bursts;
  const comesBackIn = hourSeconds - (call - 1) * gapSeconds;
  return Array.from({ length: Math.min(call, batches) + 1 }, (_, spent) => {
    const endsIn = spent < batches ? gapSeconds : comesBackIn;
    const staying = stays(before[spent] ?? NONE, gapSeconds, (waiting) => allowed - waiting * endsIn);
    const sent = goes(before[spent - 1] ?? NONE, gapSeconds);
    staying[0] = sent <= allowed ? sent : NEVER;
    return withoutEnd(staying);
  });
}

/** All that waited have waited for one more distance when the call joins them. */
function stays(before: Float64Array, gapSeconds: number, allowed: (waiting: number) => number): Float64Array {
  const after = new Float64Array(before.length + 1).fill(NEVER);
  for (const [waiting, seconds] of before.entries()) {
    const waited = seconds + waiting * gapSeconds;
    if (waited <= allowed(waiting + 1)) after[waiting + 1] = waited;
  }
  return after;
}

function goes(before: Float64Array, gapSeconds: number): number {
  return before.reduce((least, seconds, waiting) => Math.min(least, seconds + waiting * gapSeconds), NEVER);
}

function withoutEnd(seconds: Float64Array): Float64Array {
  return seconds.subarray(0, seconds.findLastIndex(Number.isFinite) + 1);
}
