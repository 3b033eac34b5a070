/** Numbers, sizes and times as people of the chosen language write them; times are those of Warsaw, which the law counts by. */

const ZONE = 'Europe/Warsaw';
const UNITS = ['B', 'kB', 'MB', 'GB'];

export function formatNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** An amount as the invoice has it, with the grouping of the language; what is no number stays as it is. */
export function formatAmount(amount: string, currency: string | null, language: string): string {
  const value = Number(amount);
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const text = Number.isFinite(value) ? new Intl.NumberFormat(language, digits).format(value) : amount;
  return currency === null ? text : `${text} ${currency}`;
}

export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${UNITS[unit]}`;
}

export function formatInstant(instant: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    ...{ timeZone: ZONE, dateStyle: 'medium', timeStyle: 'short' },
  }).format(new Date(instant));
}

export function formatTime(instant: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    ...{ timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).format(new Date(instant));
}

const SPANS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** "in 3 minutes", "2 days ago": from now, in the largest unit that fits. */
export function formatRelative(instant: string, nowMs: number, language: string): string {
  const differenceMs = Date.parse(instant) - nowMs;
  const span = SPANS.find(({ ms }) => Math.abs(differenceMs) >= ms) ?? SPANS[SPANS.length - 1];
  const { unit, ms } = span ?? { unit: 'second', ms: 1000 };
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(
    Math.round(differenceMs / ms),
    unit,
  );
}

/** How long something took, to the tenth of a second, or in minutes and seconds. */
export function formatDuration(durationMs: number, language: string): string {
  const seconds = durationMs / 1000;
  if (seconds < 60)
    return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** 526-587-76-35: as it stands on invoices and is read aloud. */
export function formatNip(nip: string): string {
  return nip.replace(/^(\d{3})(\d{3})(\d{2})(\d{2})$/, '$1-$2-$3-$4');
}
