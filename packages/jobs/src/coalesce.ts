/**
 * Joins calls for the same key: one runs, and all that come meanwhile share the one that follows it. They cannot
 * share the running one, which may have taken effect before what they tell of was there. So the work in flight is
 * bounded by the number of keys, however long it takes.
 */
export function coalesced(): (key: string, work: () => Promise<void>) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const following = new Map<string, Promise<void>>();

  const start = (key: string, work: () => Promise<void>): Promise<void> => {
    const run = work().finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
  const follow = (key: string, current: Promise<void>, work: () => Promise<void>): Promise<void> => {
    const next = current
      .catch(() => undefined)
      .then(() => {
        following.delete(key);
        return start(key, work);
      });
    following.set(key, next);
    return next;
  };
  return (key, work) => {
    const current = running.get(key);
    if (current === undefined) return start(key, work);
    return following.get(key) ?? follow(key, current, work);
  };
}
