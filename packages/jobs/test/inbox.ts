/** Collects what is told and lets a test wait for it: no polling, no sleeping. */
export interface Inbox<T> {
  put: (item: T) => void;
  /** Everything so far. */
  all: readonly T[];
  /** The next one that was not taken yet. */
  take(): Promise<T>;
  /** The first, told or to come, that fits. */
  find<F extends T>(fits: (item: T) => item is F): Promise<F>;
}

export function inbox<T>(): Inbox<T> {
  const all: T[] = [];
  const listeners = new Set<() => void>();
  let taken = 0;
  const told = (): Promise<void> =>
    new Promise((resolve) => {
      const listener = (): void => {
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
  return {
    all,
    put: (item) => {
      all.push(item);
      for (const listener of [...listeners]) listener();
    },
    take: async () => {
      while (all.length <= taken) await told();
      return all[taken++] as T;
    },
    find: async (fits) => {
      for (;;) {
        const found = all.find(fits);
        if (found !== undefined) return found;
        await told();
      }
    },
  };
}
