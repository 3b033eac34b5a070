import { setTimeout as delay } from 'node:timers/promises';

/** Runs `round` again and again, `pauseMs` apart and never twice at once; a failing round is told and tried again. */
export interface Loop {
  /** Settles with the round that runs, or after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
}

export function startLoop(
  round: () => Promise<unknown>,
  pauseMs: number,
  failed: (error: unknown) => void,
): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  next();
  return {
    async stop(patienceMs) {
      stopped = true;
      clearTimeout(timer);
      const enough = new AbortController();
      await Promise.race([
        running,
        delay(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined),
      ]);
      enough.abort();
    },
  };

  function next(): void {
    timer = setTimeout(() => {
      running = turn();
    }, pauseMs);
  }

  async function turn(): Promise<void> {
    try {
      await round();
    } catch (error) {
      failed(error);
    }
    if (!stopped) next();
  }
}
