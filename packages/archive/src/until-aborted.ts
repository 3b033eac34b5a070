/**
 * The items of `source` until `signal` aborts; then its reason is thrown at once, even while the source is
 * still waiting for its next item.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  signal.throwIfAborted();
  const turn = turnOf(signal);
  const items = iteratorOf(source);
  let exhausted = false;
  try {
    for (;;) {
      const item = await turn.next(items);
      signal.throwIfAborted();
      exhausted = item.done === true;
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    turn.end();
    if (!exhausted) release(items);
  }
}

/**
 * Asks for one item at a time. A promise for the abort, raced against each item, would keep every item alive until
 * the last: a race leaves its handlers, and with them its result, with the promise that lost.
 */
function turnOf(signal: AbortSignal) {
  let refuse: (reason: unknown) => void = () => undefined;
  const abort = () => refuse(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return {
    next: <T>(items: AsyncIterator<T> | Iterator<T>) =>
      new Promise<IteratorResult<T>>((resolve, reject) => {
        refuse = reject;
        Promise.resolve(items.next()).then(resolve, reject);
      }),
    end: () => signal.removeEventListener('abort', abort),
  };
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** Not awaited: a generator that hangs in `next()` would keep its `return()` waiting just as long. */
function release(items: AsyncIterator<unknown> | Iterator<unknown>): void {
  Promise.resolve(items.return?.()).catch(() => undefined);
}
