/** When a certificate counts as running out. */

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** What ends before this expires soon. */
export function expiresSoonBefore(now: Date): Date {
  return new Date(now.getTime() + SOON_DAYS * DAY_MS);
}

/** Whole days left; 0 on the last day, below 0 when it is over. */
export function daysUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / DAY_MS);
}
