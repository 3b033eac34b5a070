/** When a lease, of a session or a login, holds nothing any more. */

/** Twice what any lease lasts: one that ends later was taken by a clock that ran ahead. */
export const LEASE_MS_MOST = 16_000;

/** SQL: nobody holds it at `now`. What a clock that ran ahead took would be held, by a dead process, until that time comes. */
export function ranOut(until: string, now: string): string {
  return `(${until} IS NULL OR ${until} <= ${now} OR ${until} > ${now}::timestamptz + interval '${LEASE_MS_MOST} milliseconds')`;
}
