const wallClock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Warsaw',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Clocks are put on and back at full hours, and days begin at them. */
const STEADY_MS = 900_000;
let lastSteady = Number.NaN;
let lastOffsetMs = 0;
let lastDaySteady = Number.NaN;
let lastDay = '';

/** `2026-02-01 10:00:00` in Warsaw. */
function wallTime(moment: Date): string {
  return new Date(moment.getTime() + offsetMsAt(moment)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The calendar day in Warsaw, `YYYY-MM-DD`: what issue dates and KSeF numbers are counted in. */
export function warsawDay(moment: Date): string {
  const steady = steadyOf(moment);
  if (steady !== lastDaySteady) {
    lastDay = wallTime(moment).slice(0, 10);
    lastDaySteady = steady;
  }
  return lastDay;
}

/** Those asked for lately: the invoices of a batch share a few. */
const timestamps = new Map<number, string>();
const TIMESTAMPS_MAX = 100;

/** `2026-02-01T10:00:00.123+01:00`: a moment as KSeF's receipts write it. */
export function warsawTimestamp(moment: Date): string {
  const known = timestamps.get(moment.getTime());
  if (known !== undefined) return known;
  const timestamp = timestampOf(moment);
  if (timestamps.size === TIMESTAMPS_MAX) timestamps.clear();
  timestamps.set(moment.getTime(), timestamp);
  return timestamp;
}

function timestampOf(moment: Date): string {
  const wall = wallTime(moment).replace(' ', 'T');
  const offsetMinutes = offsetMsAt(moment) / 60_000;
  const sign = offsetMinutes < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(offsetMinutes) / 60);
  const minutes = Math.abs(offsetMinutes) % 60;
  const millis = moment.getUTCMilliseconds();
  return `${wall}.${pad(millis, 3)}${sign}${pad(hours, 2)}:${pad(minutes, 2)}`;
}

/** A moment as a client writes it: in UTC, with an offset, or without one by the clock of Warsaw. */
export function momentOf(text: string): Date {
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return new Date(text);
  const asUtcMs = Date.parse(`${text}Z`);
  // The clock may have been put on or back between this moment and the same numbers in UTC: the second look is right.
  const nearMs = asUtcMs - offsetMsAt(new Date(asUtcMs));
  return new Date(asUtcMs - offsetMsAt(new Date(nearMs)));
}

function steadyOf(moment: Date): number {
  return Math.floor(moment.getTime() / STEADY_MS);
}

/** The last answer is kept: moments close to each other are asked for over and over, and formatting is slow. */
function offsetMsAt(moment: Date): number {
  const steady = steadyOf(moment);
  if (steady !== lastSteady) {
    const wallAsUtcMs = Date.parse(`${wallClock.format(moment).replace(' ', 'T')}Z`);
    lastOffsetMs = Math.round((wallAsUtcMs - moment.getTime()) / 60_000) * 60_000;
    lastSteady = steady;
  }
  return lastOffsetMs;
}

/** `2026-02-01T09:00:00.123+00:00`: a moment as KSeF's JSON writes it. */
export function utcTimestamp(moment: Date): string {
  return moment.toISOString().replace('Z', '+00:00');
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
