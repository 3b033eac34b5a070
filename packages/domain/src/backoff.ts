/** How long to leave something alone that has failed `tries` times in a row: 1 s, doubling, up to `mostMs`. */
export function backoffMs(tries: number, mostMs: number): number {
  return Math.min(mostMs, 1_000 * 2 ** Math.min(Math.max(tries - 1, 0), 20));
}
