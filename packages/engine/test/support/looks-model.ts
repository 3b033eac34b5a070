/** A seller's sessions followed by the schedule within KSeF's windows, call by call: when is each verdict seen? */
import { chargesFor, type SlidingWindow, sessionsToCome } from '@wsad/domain';
import { type JudgingTime, withJudged } from '../../src/judging-time.ts';
import { nextLookDelayMs } from '../../src/poll-schedule.ts';

export interface JudgedSession {
  readonly closedMs: number;
  readonly tookMs: number;
}

/** The pacer's own patience: a place that is free by then is waited for. */
const PATIENCE_MS = 2_000;
const SESSIONS_AN_HOUR = 60 + 120;
const HOUR_MS = 3_600_000;
/** What took longer is not learnt. */
const LEARNT_MS_MAX = 60_000;

/** Calls made so far, in their order, in windows as the pacer keeps them. */
class Calls {
  readonly #at: number[] = [];
  readonly #windows: readonly SlidingWindow[] = chargesFor('sessionStatus', {})[0]?.windows ?? [];

  get made(): number {
    return this.#at.length;
  }

  freeAt(now: number): number {
    const frees = this.#windows.map(({ lengthMs, calls }) => (this.#at.at(-calls) ?? -lengthMs) + lengthMs);
    return Math.max(now, this.#at.at(-1) ?? 0, ...frees);
  }

  add(at: number): void {
    this.#at.push(at);
  }

  left(now: number, underWay: number, begun: number): { spare: boolean; forEach: number } {
    const [, minute, hour] = this.#windows.map(({ lengthMs, calls }) => {
      const used = this.#at.length - 1 - this.#at.findLastIndex((at) => at <= now - lengthMs);
      return { scarce: used >= calls / 2, free: calls - used };
    });
    if (minute === undefined || hour === undefined) throw new Error('KSeF has a minute and an hour');
    const free = Math.max(0, hour.free);
    const wanted = Math.max(1, underWay + sessionsToCome(begun, SESSIONS_AN_HOUR - begun));
    return {
      spare: !minute.scarce && !hour.scarce,
      forEach: hour.scarce ? free / wanted : Number.POSITIVE_INFINITY,
    };
  }
}

/** How long each verdict was there before it was seen, and how many looks that took in all. */
export function followAll(sessions: readonly JudgedSession[]): { lateMs: number[]; looks: number } {
  const calls = new Calls();
  let usual: JudgingTime | null = null;
  let left = { spare: true, forEach: Number.POSITIVE_INFINITY };
  const delayMs = (workedMs: number) =>
    nextLookDelayMs({ usual, ...left }, { workedMs, judged: 0, total: 0 });
  const unseen = new Set(sessions.map((session) => ({ ...session, dueMs: session.closedMs, looked: false })));
  const lateMs: number[] = [];
  while (unseen.size > 0) {
    const session = [...unseen].reduce((first, other) => (other.dueMs < first.dueMs ? other : first));
    if (!session.looked) {
      session.looked = true;
      session.dueMs = session.closedMs + delayMs(0);
      continue;
    }
    const now = calls.freeAt(session.dueMs);
    if (now > session.dueMs + PATIENCE_MS) {
      session.dueMs = now;
      continue;
    }
    calls.add(now);
    const begun = sessions.filter(({ closedMs }) => closedMs <= now && closedMs > now - HOUR_MS).length;
    left = calls.left(now, [...unseen].filter(({ closedMs }) => closedMs <= now).length, begun);
    const workedMs = now - session.closedMs;
    session.dueMs = now + delayMs(workedMs);
    if (workedMs < session.tookMs) continue;
    unseen.delete(session);
    lateMs.push(workedMs - session.tookMs);
    if (workedMs <= LEARNT_MS_MAX) usual = withJudged(usual, workedMs);
  }
  return { lateMs, looks: calls.made };
}
