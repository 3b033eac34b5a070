/** A drain has its bound; what hangs beyond it, at closing connections for one, ends with the process. */
const HANGING_MS = 5_000;
/** npm passes on to us what the whole group was told already. */
const SAME_WISH_MS = 1_000;

/**
 * One wish to end, however it is said: SIGTERM, Ctrl+C, or the parent process being gone. Ends with 0 once `shutdown` is
 * through. Saying it again ends the process at once, and so does a drain that hangs, both with 1: what it held is taken
 * over as after any crash.
 */
export function onShutdown(shutdown: () => Promise<void>, drainMs: number): void {
  let askedAtMs: number | null = null;
  const ask = (): void => {
    if (askedAtMs !== null) return;
    askedAtMs = performance.now();
    setTimeout(() => endHard('draining took too long'), drainMs + HANGING_MS).unref();
    shutdown().then(
      () => process.exit(0),
      (error: unknown) => endHard(error instanceof Error ? error.message : String(error)),
    );
  };
  const signalled = (): void => {
    if (askedAtMs !== null && performance.now() - askedAtMs > SAME_WISH_MS) endHard('asked twice');
    ask();
  };
  process.on('SIGTERM', signalled);
  process.on('SIGINT', signalled);
  // Started by the workspace's runner: its end is ours, even when it had no time to say so.
  if (process.channel === undefined) return;
  process.once('disconnect', ask);
  process.channel?.unref();
}

function endHard(why: string): void {
  process.stderr.write(`wsad ends before it has drained: ${why}\n`);
  process.exit(1);
}
