/**
 * How long a read takes that no cache of a core's own can answer, in nanoseconds: eight megabytes are gone through in an order that nobody
 * foresees. In some hours the same program is slower by up to half, though a loop that stays in its registers is not, probably because
 * others on the same processor use the cache that all cores share. So this is measured before each benchmark, and kept beside its times.
 */
const BYTES = 8 * 1024 * 1024;
const READS = 500_000;
const ROUNDS = 3;

export function sharedCacheNs(): number {
  const next = ring(BYTES / Uint32Array.BYTES_PER_ELEMENT);
  return Math.min(...Array.from({ length: ROUNDS }, () => readNs(next)));
}

/** Each place holds the one to go to; all are on one way that ends where it begins (Sattolo's shuffle). */
function ring(places: number): Uint32Array {
  const next = Uint32Array.from({ length: places }, (_, place) => place);
  for (let last = places - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * last);
    const kept = next[last] ?? 0;
    next[last] = next[other] ?? 0;
    next[other] = kept;
  }
  return next;
}

function readNs(next: Uint32Array): number {
  let place = 0;
  const startedAt = performance.now();
  for (let reads = 0; reads < READS; reads += 1) place = next[place] ?? 0;
  const elapsedMs = performance.now() - startedAt;
  if (place >= next.length) throw new RangeError('the way leads out of the ring');
  return (elapsedMs * 1e6) / READS;
}
