import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasNipChecksum } from '../src/auth/context-schema.ts';
import { createSlidingWindow } from '../src/limits/sliding-window.ts';
import { crc8 } from '../src/processing/crc8.ts';
import { createKsefNumbers } from '../src/processing/ksef-number.ts';
import { createReferences } from '../src/references.ts';
import { momentOf, warsawDay, warsawTimestamp } from '../src/warsaw.ts';

describe('KSeF numbers', () => {
  test.each([
    ['5265877635-20250916-0200A0D6723E', 0xc2],
    ['5265877635-20250916-010040741B3E', 0x46],
  ])('the check of the published number %s is right', (number, check) => {
    expect(crc8(number)).toBe(check);
  });

  test('have 35 characters, a right check, and never repeat', () => {
    const next = createKsefNumbers({ ksefSerial: 0 });
    const numbers = Array.from({ length: 1000 }, () => next('5265877635', '2026-03-16'));
    expect(new Set(numbers).size).toBe(1000);
    for (const number of numbers) {
      expect(number).toHaveLength(35);
      expect(crc8(number.slice(0, 32))).toBe(Number.parseInt(number.slice(33), 16));
    }
  });

  test('go on after the largest serial', () => {
    const next = createKsefNumbers({ ksefSerial: 2 ** 48 - 1 });
    expect(next('5265877635', '2026-03-16')).toContain('-000000000000-');
  });
});

test('a moment without an offset is one by the clock of Warsaw', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
      (moment) => {
        const told = warsawTimestamp(moment);
        expect(momentOf(told)).toEqual(moment);
        const wall = told.slice(0, 23);
        // The hour that comes twice in October can be either of two: what is read must show the same clock.
        expect(warsawTimestamp(momentOf(wall)).slice(0, 23)).toBe(wall);
      },
    ),
  );
  expect(momentOf('2026-03-29T01:30:00').toISOString()).toBe('2026-03-29T00:30:00.000Z');
  expect(momentOf('2026-03-29T03:30:00').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  expect(momentOf('2026-10-25T01:30:00').toISOString()).toBe('2026-10-24T23:30:00.000Z');
  expect(momentOf('2026-07-01T12:00:00').toISOString()).toBe('2026-07-01T10:00:00.000Z');
  expect(momentOf('2026-01-01T12:00:00').toISOString()).toBe('2026-01-01T11:00:00.000Z');
});

test('reference numbers have the shape that the receipt schema asks for', () => {
  const make = createReferences(() => new Date('2026-03-16T23:30:00Z'), randomBytes);
  expect(make('SB')).toMatch(/^20260317-SB-[0-9A-F]{10}-[0-9A-F]{10}-[0-9A-F]{2}$/);
});

describe('Warsaw', () => {
  test.each([
    ['2026-03-16T22:59:59.999Z', '2026-03-16', '2026-03-16T23:59:59.999+01:00'],
    ['2026-03-16T23:00:00.000Z', '2026-03-17', '2026-03-17T00:00:00.000+01:00'],
    ['2026-07-01T22:00:00.000Z', '2026-07-02', '2026-07-02T00:00:00.000+02:00'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29', '2026-03-29T03:00:00.000+02:00'],
  ])('%s is %s', (moment, day, timestamp) => {
    expect(warsawDay(new Date(moment))).toBe(day);
    expect(warsawTimestamp(new Date(moment))).toBe(timestamp);
  });

  test('a timestamp names the very moment', () => {
    const moments = fc.date({
      min: new Date('2022-01-01'),
      max: new Date('2049-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(Date.parse(warsawTimestamp(moment))).toBe(moment.getTime());
      }),
    );
  });
});

test('the check digit of a NIP', () => {
  expect(hasNipChecksum('5260001572')).toBe(false);
  expect(hasNipChecksum('5265877635')).toBe(true);
});

test('no window of a second, minute or hour ever holds more than its limit', () => {
  const limit = { perSecond: 3, perMinute: 7, perHour: 20 };
  const gaps = fc.array(fc.oneof(fc.nat(400), fc.nat(30_000), fc.nat(900_000)), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, (gapsMs) => {
      const window = createSlidingWindow();
      const taken: number[] = [];
      let nowMs = 0;
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        if (window.take(nowMs, limit) === null) taken.push(nowMs);
      }
      const within = (spanMs: number, end: number): number =>
        taken.filter((at) => at <= end && at > end - spanMs).length;
      for (const at of taken) {
        expect(within(1_000, at)).toBeLessThanOrEqual(3);
        expect(within(60_000, at)).toBeLessThanOrEqual(7);
        expect(within(3_600_000, at)).toBeLessThanOrEqual(20);
      }
    }),
  );
});
