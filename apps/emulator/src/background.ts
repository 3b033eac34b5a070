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

/** The last of those who wait to go on; each lets calls be answered before it. */
let line: Promise<unknown> = Promise.resolve();
let sliceStart = 0;

/**
 * Lets other calls be answered in the middle of long work: await it often, it yields only now and then. All long work of
 * the process shares its slices, one between any two turns of calls: a call waits for one slice, however much is worked off.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - sliceStart < SLICE_MS) return;
  const mine = line.then(() => nextTurn());
  line = mine;
  await mine;
  sliceStart = performance.now();
}
