/** How long KSeF wants to be left alone. */

/** Used where a 429 names no time; KSeF's windows of a minute are over by then. */
export const RETRY_AFTER_UNNAMED_MS = 60_000;
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/** `Retry-After` in seconds or as an HTTP date, in milliseconds from `now`; null where there is none or it is odd. */
export function retryAfterMs(header: string | string[] | undefined, now: Date): number | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (value === undefined || value === '') return null;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  if (!Number.isFinite(ms)) return null;
  return Math.min(Math.max(ms, 1000), RETRY_AFTER_MAX_MS);
}
