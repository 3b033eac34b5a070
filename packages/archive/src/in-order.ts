/**
 * Applies `work` to each item of `source`, up to `lanes` at a time, and yields the results in the order of
 * the items. It takes from the source only as its own reader advances, so that at most `lanes` items and
 * results are alive at once.
 */
export async function* inOrder<Item, Result>(
  source: AsyncIterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const item of source) {
      running.push(observed(work(item)));
      if (running.length >= lanes) yield* oldest(running);
    }
    while (running.length > 0) yield* oldest(running);
  } finally {
    await Promise.allSettled(running);
  }
}

async function* oldest<Result>(running: Promise<Result>[]): AsyncGenerator<Result> {
  const first = running.shift();
  if (first !== undefined) yield await first;
}

/** A failure is thrown when its turn comes; until then it must not count as unhandled. */
function observed<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
