/** One wish to end, however it is said and however often: SIGTERM, Ctrl+C, or the parent process being gone. */
export function onShutdown(shutdown: () => Promise<void>): void {
  let asked = false;
  const once = (): void => {
    if (asked) return;
    asked = true;
    void shutdown();
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
  // Started by the workspace's runner: its end is ours, even when it had no time to say so.
  if (process.channel === undefined) return;
  process.once('disconnect', once);
  process.channel?.unref();
}
