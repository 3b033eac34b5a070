/**
 * Small sessions have the right of way. Large work, which keeps the cores busy for half a second at a time, stands between
 * two of its pieces while a small session is under way in the same process. It stands for three times as long as it has gone
 * on, and for 600 ms at most: beside ever so many small sessions it keeps a quarter of the time.
 */

export interface RightOfWay {
  /**
   * Large work goes after this until it ends, or has taken so long that it must be waiting for something else, or calls
   * `large` on finding that it is large itself. `expected`: what it was expected as.
   */
  first<T>(work: (large: () => void) => Promise<T>, expected?: string): Promise<T>;
  /** Small work that is about to come counts as under way until it does, so that nothing large begins in between. */
  expect(what: string): void;
  /** To be waited for between two pieces of large work. */
  giveWay(): Promise<void>;
}

export interface RightOfWayTime {
  /** Milliseconds of a clock that is never set. */
  readonly nowMs: () => number;
  /** Calls `then` once, after so many milliseconds, unless what it answers is called before. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** From one step of a small session to its next the queue takes some ten milliseconds; another process may be the one to do it. */
const EXPECTED_MS_MAX = 100;
/** A small session takes a tenth of a second of what a machine is busy with; else it waits, for KSeF or for its turn there. */
const FIRST_MS_MAX = 1_000;
const STANDS_TO_GOES = 3;
const STANDING_MS_MAX = 600;
/** Standing for less than a timer is exact to would help nobody. */
const STANDING_MS_MIN = 2;

const SYSTEM_TIME: RightOfWayTime = {
  nowMs: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

export function createRightOfWay({ nowMs, after }: RightOfWayTime = SYSTEM_TIME): RightOfWay {
  const underWay = new Set<object>();
  /** How each that is expected is forgotten. */
  const expected = new Map<string, () => void>();
  let goOn: (() => void) | null = null;
  let standing: Promise<void> | null = null;
  let goingSinceMs = nowMs();
  let mayStandMs = STANDING_MS_MAX;

  /** Under way until what it answers is called, or for so long. */
  function enter(msMax: number, then = (): void => undefined): () => void {
    const one = {};
    underWay.add(one);
    const leave = (): void => {
      drop();
      then();
      underWay.delete(one);
      if (underWay.size === 0) goOn?.();
    };
    const drop = after(msMax, leave);
    return leave;
  }

  async function stand(): Promise<void> {
    const fromMs = nowMs();
    await new Promise<void>((resolve) => {
      const drop = after(mayStandMs, resolve);
      goOn = () => {
        drop();
        resolve();
      };
    });
    goOn = null;
    standing = null;
    goingSinceMs = nowMs();
    mayStandMs = Math.max(0, mayStandMs - (goingSinceMs - fromMs));
  }

  return {
    expect(what) {
      expected.get(what)?.();
      expected.set(
        what,
        enter(EXPECTED_MS_MAX, () => expected.delete(what)),
      );
    },
    async first(work, what) {
      const leave = enter(FIRST_MS_MAX);
      if (what !== undefined) expected.get(what)?.();
      try {
        return await work(leave);
      } finally {
        leave();
      }
    },
    async giveWay() {
      if (standing === null) {
        const now = nowMs();
        mayStandMs = Math.min(mayStandMs + STANDS_TO_GOES * (now - goingSinceMs), STANDING_MS_MAX);
        goingSinceMs = now;
        if (underWay.size === 0 || mayStandMs < STANDING_MS_MIN) return;
        standing = stand();
      }
      await standing;
    },
  };
}

/** For whoever has nothing small under way. */
export const NOBODY_FIRST: RightOfWay = {
  first: (work) => work(() => undefined),
  expect: () => undefined,
  giveWay: async () => undefined,
};
