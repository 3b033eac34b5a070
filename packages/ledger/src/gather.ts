/**
 * Joins what is to be written: one batch is under way at a time, and what comes meanwhile goes with the next. So under
 * load many share one statement, and a lone one waits for nobody. A batch that fails fails for each of its items.
 */
export function gathered<Item>(
  write: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let waiting: Item[] = [];
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const begin = (): Promise<void> => {
    const items = waiting;
    waiting = [];
    next = null;
    const batch = write(items).finally(() => {
      if (running === batch) running = null;
    });
    running = batch;
    return batch;
  };
  return (item) => {
    waiting.push(item);
    if (next !== null) return next;
    if (running === null) return begin();
    next = running.catch(() => undefined).then(begin);
    return next;
  };
}
