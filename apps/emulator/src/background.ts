import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Work that outlives the call that started it; stopped and awaited when the emulator closes. */
export type Background = {
  start(work: () => Promise<void>): void;
  /** Resolves after ms; rejects when the emulator closes first, even where nobody awaits it yet. */
  wait(ms: number): Promise<void>;
  /** Resolves when no work is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

export function createBackground(): Background {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  function start(work: () => Promise<void>): void {
    const task: Promise<void> = guarded(work).finally(() => running.delete(task));
    running.add(task);
  }

  /** Work handles its own failures; what is left is the interruption by stop(). */
  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  function wait(ms: number): Promise<void> {
    const waited = sleepFor(ms);
    // Work may go on before it awaits this; an interruption meanwhile is no unhandled rejection.
    waited.catch(() => undefined);
    return waited;
  }

  async function sleepFor(ms: number): Promise<void> {
    stopping.signal.throwIfAborted();
    if (ms > 0) await sleep(ms, undefined, { signal: stopping.signal });
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await idle();
  }

  return { start, wait, idle, stop };
}

const SLICE_MS = 5;
/** While calls come, long work rests after each slice, for no longer than this: it keeps a quarter of the time, or more. */
const REST_MS_MAX = 3 * SLICE_MS;
const REST_STEP_MS = 2;
/** Whoever makes one call after another is likely to make the next within so long. */
const CALLS_APART_MS = 30;

/** The last of those who wait to go on; each lets calls be answered before it. */
let line: Promise<unknown> = Promise.resolve();
let sliceStart = 0;
let lastCallAt = Number.NEGATIVE_INFINITY;

/** To be told when a call comes, and when it is answered. */
export function noteCall(): void {
  lastCallAt = performance.now();
}

/**
 * Lets other calls be answered in the middle of long work: await it often, it yields only now and then. All long work of
 * the process shares its slices, one between any two turns of calls: a call waits for one slice, however much is worked off.
 */
export async function breathe(): Promise<void> {
  const workedMs = performance.now() - sliceStart;
  if (workedMs < SLICE_MS) return;
  // Work that has only just begun has taken nobody's time yet.
  const goesOn = workedMs < 2 * SLICE_MS;
  const mine = line.then(() => (goesOn ? rest() : nextTurn()));
  line = mine;
  await mine;
  sliceStart = performance.now();
}

/** The machine is left to whoever calls, too: as a rule they run on the same one. */
async function rest(): Promise<void> {
  const until = performance.now() + REST_MS_MAX;
  await nextTurn();
  for (let now = performance.now(); now < until && now < lastCallAt + CALLS_APART_MS; now = performance.now())
    await sleep(REST_STEP_MS);
}
