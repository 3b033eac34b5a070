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
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const items = iteratorOf(source);
  let exhausted = false;
  try {
    for (;;) {
      const item = await Promise.race([items.next(), aborted.promise]);
      signal.throwIfAborted();
      exhausted = item.done === true;
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    if (!exhausted) release(items);
  }
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** Not awaited: a generator that hangs in `next()` would keep its `return()` waiting just as long. */
function release(items: AsyncIterator<unknown> | Iterator<unknown>): void {
  Promise.resolve(items.return?.()).catch(() => undefined);
}
