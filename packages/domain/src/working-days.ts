/**
 * Working days in Poland: not a Saturday, not a Sunday, not a public holiday. Sources: the act of 18 January 1951 on days
 * free from work, art. 1, with Christmas Eve since the amendment of 6 December 2024 (in force from 1 February 2025);
 * Tax Ordinance, art. 12 § 5, for Saturdays. Why no library: docs/decisions/0010-availability.md.
 */
import { addDays, type Day } from './calendar.ts';

const FIXED_HOLIDAYS = new Set([
  '01-01',
  '01-06',
  '05-01',
  '05-03',
  '08-15',
  '11-01',
  '11-11',
  '12-25',
  '12-26',
]);
const CHRISTMAS_EVE = '12-24';
const CHRISTMAS_EVE_SINCE = 2025;
/** Easter Sunday and Monday, Pentecost, Corpus Christi. */
const DAYS_AFTER_EASTER = [0, 1, 49, 60];

export function isPublicHoliday(day: Day): boolean {
  const year = Number(day.slice(0, 4));
  const date = day.slice(5);
  if (FIXED_HOLIDAYS.has(date) || (date === CHRISTMAS_EVE && year >= CHRISTMAS_EVE_SINCE)) return true;
  const easter = easterSunday(year);
  return DAYS_AFTER_EASTER.some((days) => addDays(easter, days) === day);
}

export function isWorkingDay(day: Day): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isPublicHoliday(day);
}

/** The working day that comes as number `count` after `day`, which itself never counts. */
export function workingDayAfter(day: Day, count: number): Day {
  let found = day;
  for (let left = count; left > 0; ) {
    found = addDays(found, 1);
    if (isWorkingDay(found)) left -= 1;
  }
  return found;
}

/** Easter of the Gregorian calendar, by Gauss with the two exceptions for April 26 and 25. */
export function easterSunday(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const moonShift = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15;
  const sundayShift = century - Math.floor(century / 4) + 4;
  const fullMoon = (19 * golden + moonShift) % 30;
  const sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * fullMoon + sundayShift) % 7;
  const after = fullMoon + sunday;
  const tooLate = (fullMoon === 29 && sunday === 6) || (fullMoon === 28 && sunday === 6 && golden > 10);
  return addDays(`${year}-03-22`, tooLate ? after - 7 : after);
}
