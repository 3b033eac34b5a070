import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, easterSunday, isPublicHoliday, isWorkingDay, workingDayAfter } from '../src/index.ts';

/** Written down by hand, year by year, from the calendars of 2024 to 2030. */
const HOLIDAYS: Readonly<Record<number, string>> = {
  2024: '01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26',
  2025: '01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26',
  2026: '01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26',
  2027: '01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26',
  2028: '01-01 01-06 04-16 04-17 05-01 05-03 06-04 06-15 08-15 11-01 11-11 12-24 12-25 12-26',
  2029: '01-01 01-06 04-01 04-02 05-01 05-03 05-20 05-31 08-15 11-01 11-11 12-24 12-25 12-26',
  2030: '01-01 01-06 04-21 04-22 05-01 05-03 06-09 06-20 08-15 11-01 11-11 12-24 12-25 12-26',
};

function daysOf(year: number): string[] {
  const days: string[] = [];
  for (let day = `${year}-01-01`; day.startsWith(`${year}`); day = addDays(day, 1)) days.push(day);
  return days;
}

describe('public holidays in Poland', () => {
  it.each(Object.entries(HOLIDAYS))('of %s are exactly these', (year, dates) => {
    expect(daysOf(Number(year)).filter(isPublicHoliday)).toEqual(
      dates.split(' ').map((date) => `${year}-${date}`),
    );
  });

  it('Easter falls where the tables of the Church say, its two exceptions included', () => {
    const known = [
      '1954-04-18',
      '1981-04-19',
      '2000-04-23',
      '2008-03-23',
      '2038-04-25',
      '2049-04-18',
      '2076-04-19',
    ];
    expect(known.map((day) => easterSunday(Number(day.slice(0, 4))))).toEqual(known);
  });

  it('Easter is a Sunday from March 22 to April 25', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1990, max: 2200 }), (year) => {
        const easter = easterSunday(year);
        expect(new Date(`${easter}T00:00:00Z`).getUTCDay()).toBe(0);
        expect(easter >= `${year}-03-22` && easter <= `${year}-04-25`).toBe(true);
      }),
    );
  });
});

describe('working days', () => {
  it('are counted over weekends, holidays, New Year and leap days', () => {
    expect(workingDayAfter('2026-12-23', 1)).toBe('2026-12-28');
    expect(workingDayAfter('2026-12-31', 1)).toBe('2027-01-04');
    expect(workingDayAfter('2026-04-03', 1)).toBe('2026-04-07');
    expect(workingDayAfter('2026-04-30', 1)).toBe('2026-05-04');
    expect(workingDayAfter('2024-12-23', 1)).toBe('2024-12-24');
    expect(workingDayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(workingDayAfter('2028-02-29', 1)).toBe('2028-03-01');
    expect(workingDayAfter('2026-06-03', 1)).toBe('2026-06-05');
  });

  it('as many lie between a day and the one counted from it', () => {
    const day = fc.integer({ min: 0, max: 3650 }).map((offset) => addDays('2024-01-01', offset));
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 30 }), (from, count) => {
        const found = workingDayAfter(from, count);
        expect(isWorkingDay(found)).toBe(true);
        let passed = 0;
        for (let each = addDays(from, 1); each <= found; each = addDays(each, 1))
          passed += Number(isWorkingDay(each));
        expect(passed).toBe(count);
      }),
    );
  });
});
