/** Today's invoices want to be on their way before midnight by KSeF's clock: later KSeF marks them Offline. */
import { addDays, DAY_BEGINS_MARGIN_MS, type Day, startOfWarsawDay, warsawDay } from './calendar.ts';
import { type ClockOffsetMs, ksefTime } from './deadlines.ts';

/** Packing and opening take seconds; so much is left for them, and for a second try. */
export const LEAVE_BEFORE_MIDNIGHT_MS = 600_000;

export interface KsefDay {
  /** Today by KSeF's clock, beginning a margin after its midnight: nothing dated later may go. */
  readonly today: Day;
  /** When, by our clock, waiting for company must end for invoices that are issued today. */
  readonly leavesBy: Date;
}

export function ksefDay(now: Date, offsetMs: ClockOffsetMs): KsefDay {
  const today = warsawDay(ksefTime(now, offsetMs - DAY_BEGINS_MARGIN_MS));
  const midnightMs = startOfWarsawDay(addDays(today, 1)).getTime() - offsetMs;
  return { today, leavesBy: new Date(midnightMs - LEAVE_BEFORE_MIDNIGHT_MS) };
}

/** When invoices of this day may go, by our clock, in milliseconds. */
export function dayBegins(day: Day, offsetMs: ClockOffsetMs): number {
  return startOfWarsawDay(day).getTime() + DAY_BEGINS_MARGIN_MS - offsetMs;
}
