/** Days as KSeF counts them: in Europe/Warsaw. */

const WARSAW_DAY = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Warsaw',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const WARSAW_HOUR = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Warsaw',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** A day, `YYYY-MM-DD`. */
export type Day = string;

export function warsawDay(at: Date): Day {
  return WARSAW_DAY.format(at);
}

/** The first instant of a day in Warsaw. Midnight is never skipped or repeated there: clocks change at 02:00. */
export function startOfWarsawDay(day: Day): Date {
  const utcMidnight = new Date(`${day}T00:00:00Z`);
  const [hours = 0, minutes = 0] = WARSAW_HOUR.format(utcMidnight).split(':').map(Number);
  const offsetMs = (hours * 60 + minutes) * 60_000;
  const guess = new Date(utcMidnight.getTime() - offsetMs);
  return warsawClockMs(guess) === 0 ? guess : new Date(guess.getTime() - signedClockMs(guess));
}

/** Invoices dated ahead wait this much into their day, so that a clock of ours that is fast sends nothing too early. */
export const DAY_BEGINS_MARGIN_MS = 60_000;

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function warsawClockMs(at: Date): number {
  const [hours = 0, minutes = 0, seconds = 0] = WARSAW_HOUR.format(at).split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function signedClockMs(at: Date): number {
  const clockMs = warsawClockMs(at);
  return clockMs > 43_200_000 ? clockMs - 86_400_000 : clockMs;
}
