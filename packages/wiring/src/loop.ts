/** Runs `round` again and again, `pauseMs` apart and never twice at once; a failing round is told and tried again. */
export interface Loop {
  stop(): Promise<void>;
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
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
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
