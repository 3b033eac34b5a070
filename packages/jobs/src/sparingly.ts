const SILENCE_MS = 10_000;
/** Messages are few; this only bounds the memory where one carries something that varies. */
const REMEMBERED_MAX = 100;

/** Passes the same (queue, message) on at most every ten seconds: a store that is away complains many times a second. */
export function sparingly(
  clock: () => Date,
  tell: (queue: string, message: string) => void,
): (queue: string, message: string) => void {
  const toldAt = new Map<string, number>();
  return (queue, message) => {
    const key = `${queue} ${message}`;
    const now = clock().getTime();
    const last = toldAt.get(key);
    if (last !== undefined && Math.abs(now - last) < SILENCE_MS) return;
    if (toldAt.size >= REMEMBERED_MAX) toldAt.clear();
    toldAt.set(key, now);
    tell(queue, message);
  };
}
