import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargesFor,
  DOCUMENTED_RATE_LIMITS,
  earliestCallAt,
  KSEF_OPERATIONS,
  type KsefOperation,
} from '../src/index.ts';

const WITH_CLOSE_GROUPS = {
  ...DOCUMENTED_RATE_LIMITS,
  batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
  global: { perSecond: 50, perMinute: 500, perHour: 5000 },
  anonymous: { perSecond: 40, perMinute: 400, perHour: 4000 },
  somethingNew: { perSecond: 1, perMinute: 1, perHour: 1 },
};

describe('chargesFor', () => {
  it('counts a close in its own group where that is named, else with the opens', () => {
    expect(chargesFor('closeBatch', DOCUMENTED_RATE_LIMITS)[0]?.counter).toBe('batchSession');
    expect(chargesFor('closeBatch', WITH_CLOSE_GROUPS)[0]).toMatchObject({
      counter: 'batchSessionClose',
      windows: [
        { lengthMs: 1000, calls: 20 },
        { lengthMs: 60_000, calls: 40 },
        { lengthMs: 3_600_000, calls: 120 },
      ],
    });
    expect(chargesFor('closeOnline', WITH_CLOSE_GROUPS)[0]?.counter).toBe('onlineSession');
  });

  it('charges protected calls to global and login-free ones to anonymous where KSeF names them', () => {
    expect(chargesFor('openBatch', WITH_CLOSE_GROUPS).map(({ counter }) => counter)).toEqual([
      'batchSession',
      'global',
    ]);
    expect(chargesFor('challenge', WITH_CLOSE_GROUPS)).toMatchObject([
      { counter: 'POST /auth/challenge', scope: 'egress', windows: [{ lengthMs: 1000, calls: 60 }] },
      { counter: 'anonymous', scope: 'egress' },
    ]);
  });

  it('gives each endpoint of "other" its own counter', () => {
    expect(chargesFor('rateLimits', DOCUMENTED_RATE_LIMITS)[0]?.counter).toBe('GET /rate-limits');
  });

  it('never leaves a call uncharged, whatever KSeF answers', () => {
    for (const operation of Object.keys(KSEF_OPERATIONS) as KsefOperation[]) {
      for (const limits of [{}, DOCUMENTED_RATE_LIMITS, WITH_CLOSE_GROUPS]) {
        expect(chargesFor(operation, limits)[0]?.windows.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('earliestCallAt', () => {
  const windows = [
    { lengthMs: 1000, calls: 3 },
    { lengthMs: 60_000, calls: 7 },
  ];

  it('is now while there is room, and the end of a window where there is none', () => {
    const now = new Date(10_000_000);
    const before = (ms: number) => ({ answeredAt: new Date(now.getTime() - ms) });
    expect(earliestCallAt(now, [], windows)).toEqual(now);
    expect(earliestCallAt(now, [before(10), before(20)], windows)).toEqual(now);
    expect(earliestCallAt(now, [before(10), before(20), before(900)], windows)).toEqual(
      new Date(now.getTime() + 100),
    );
    expect(
      earliestCallAt(now, [{ answeredAt: null }, before(20), before(900)], windows).getTime(),
    ).toBeGreaterThan(now.getTime());
  });

  it('never lets more calls into any window than it holds, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4000 }), { minLength: 1, maxLength: 60 }), (gapsMs) => {
        const made: number[] = [];
        let now = 0;
        for (const gap of gapsMs) {
          now += gap;
          const charged = made.map((at) => ({ answeredAt: new Date(at) }));
          now = earliestCallAt(new Date(now), charged, windows).getTime();
          made.push(now);
        }
        for (const { lengthMs, calls } of windows) {
          for (const end of made) {
            expect(made.filter((at) => at > end - lengthMs && at <= end).length).toBeLessThanOrEqual(calls);
          }
        }
      }),
    );
  });
});
