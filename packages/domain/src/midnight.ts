/** Today's invoices want to be on their way before midnight by KSeF's clock: later KSeF marks them Offline. */
import { addDays, type Day, startOfWarsawDay, warsawDay } from './calendar.ts';
import { type ClockOffsetMs, ksefTime } from './deadlines.ts';

/** Packing and opening take seconds; so much is left for them, and for a second try. */
export const LEAVE_BEFORE_MIDNIGHT_MS = 600_000;

export interface KsefDay {
  /** Today by KSeF's clock: nothing dated later may go. */
  readonly today: Day;
  /** When, by our clock, waiting for company must end for invoices that are issued today. */
  readonly leavesBy: Date;
}

export function ksefDay(now: Date, offsetMs: ClockOffsetMs): KsefDay {
  const today = warsawDay(ksefTime(now, offsetMs));
  return { today, leavesBy: new Date(dayBegins(addDays(today, 1), offsetMs) - LEAVE_BEFORE_MIDNIGHT_MS) };
}

/** When this day begins at KSeF, by our clock, in milliseconds. */
export function dayBegins(day: Day, offsetMs: ClockOffsetMs): number {
  return startOfWarsawDay(day).getTime() - offsetMs;
}
