import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  DAY_BEGINS_MARGIN_MS,
  deadlineOf,
  invoicingDateOf,
  isWorkingDay,
  ksefDay,
  LEAVE_BEFORE_MIDNIGHT_MS,
  type Mode,
  type Outage,
  startOfWarsawDay,
  thresholdOf,
  warsawDay,
  willBeMarkedOffline,
} from '../src/index.ts';

const day = fc.integer({ min: 0, max: 3650 }).map((offset) => addDays('2024-01-01', offset));
const mode = fc.constantFrom<Mode>('online', 'offline');
const instant = fc
  .integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2033-12-31T00:00:00Z') })
  .map((ms) => new Date(ms));
const outage = fc
  .record({
    kind: fc.constantFrom<Outage['kind']>('unavailable', 'failure'),
    startedAt: instant,
    lastsMs: fc.option(fc.integer({ min: 1, max: 20 * 86_400_000 })),
  })
  .map(({ kind, startedAt, lastsMs }): Outage => {
    const endedAt = lastsMs === null ? null : new Date(startedAt.getTime() + lastsMs);
    return { kind, startedAt, endedAt };
  });

function outageOf(kind: Outage['kind'], startedAt: string, endedAt: string | null): Outage {
  return { kind, startedAt: new Date(startedAt), endedAt: endedAt === null ? null : new Date(endedAt) };
}

describe('a deadline without outages', () => {
  it('is midnight after the issue day online, and after the next working day offline', () => {
    expect(deadlineOf({ issueDate: '2026-11-16', mode: 'online' }, [])).toEqual({
      at: new Date('2026-11-16T23:00:00Z'),
      rule: 'online',
    });
    expect(deadlineOf({ issueDate: '2026-12-23', mode: 'offline' }, [])).toEqual({
      at: new Date('2026-12-28T23:00:00Z'),
      rule: 'offline24',
    });
    expect(deadlineOf({ issueDate: '2027-12-31', mode: 'offline' }, []).at).toEqual(
      new Date('2028-01-03T23:00:00Z'),
    );
  });

  it('knows the days on which clocks change: they have 23 and 25 hours', () => {
    expect(deadlineOf({ issueDate: '2026-03-29', mode: 'online' }, []).at).toEqual(
      new Date('2026-03-29T22:00:00Z'),
    );
    expect(deadlineOf({ issueDate: '2026-10-25', mode: 'online' }, []).at).toEqual(
      new Date('2026-10-25T23:00:00Z'),
    );
  });

  it('is the first instant of a day in Warsaw, and the day before it is the last allowed', () => {
    fc.assert(
      fc.property(day, mode, (issueDate, how) => {
        const { at } = deadlineOf({ issueDate, mode: how }, []);
        if (at === null) throw new Error('there is always a deadline');
        expect(at).toEqual(startOfWarsawDay(warsawDay(at)));
        const last = warsawDay(new Date(at.getTime() - 1));
        expect(how === 'online' ? last : isWorkingDay(last)).toBe(how === 'online' ? issueDate : true);
        expect(last >= issueDate).toBe(true);
      }),
    );
  });

  it('has passed exactly when KSeF would mark an online invoice Offline', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -172_800_000, max: 172_800_000 }), (issueDate, aroundMs) => {
        const deadline = deadlineOf({ issueDate, mode: 'online' }, []);
        const comes = new Date(startOfWarsawDay(addDays(issueDate, 1)).getTime() + aroundMs);
        expect(willBeMarkedOffline(issueDate, comes)).toBe(thresholdOf(deadline, comes) === 'passed');
      }),
    );
  });
});

describe('a deadline moved by an outage', () => {
  it('is the example of the documentation: a failure in the time of offline24', () => {
    const failure = outageOf('failure', '2025-07-09T06:00:00Z', '2025-07-12T10:00:00Z');
    expect(deadlineOf({ issueDate: '2025-07-08', mode: 'offline' }, [failure])).toEqual({
      at: new Date('2025-07-22T22:00:00Z'),
      rule: 'failure',
    });
  });

  it('is the working day after KSeF was unavailable, for what was issued meanwhile', () => {
    const down = outageOf('unavailable', '2026-05-01T08:00:00Z', '2026-05-02T20:00:00Z');
    expect(deadlineOf({ issueDate: '2026-05-02', mode: 'online' }, [down])).toEqual({
      at: new Date('2026-05-04T22:00:00Z'),
      rule: 'unavailable',
    });
    expect(deadlineOf({ issueDate: '2026-05-05', mode: 'online' }, [down]).rule).toBe('online');
    expect(deadlineOf({ issueDate: '2026-04-30', mode: 'online' }, [down]).rule).toBe('online');
  });

  it('is counted anew from a second failure within the seven days, and not from one after them', () => {
    const first = outageOf('failure', '2026-11-16T09:00:00Z', '2026-11-16T12:00:00Z');
    const within = outageOf('failure', '2026-11-20T09:00:00Z', '2026-11-20T12:00:00Z');
    const later = outageOf('failure', '2026-12-20T09:00:00Z', '2026-12-20T12:00:00Z');
    const invoice = { issueDate: '2026-11-16', mode: 'online' } as const;
    expect(deadlineOf(invoice, [first]).at).toEqual(new Date('2026-11-25T23:00:00Z'));
    expect(deadlineOf(invoice, [within, first]).at).toEqual(new Date('2026-12-01T23:00:00Z'));
    expect(deadlineOf(invoice, [later, within, first]).at).toEqual(new Date('2026-12-01T23:00:00Z'));
  });

  it('is not known while the outage lasts', () => {
    const lasting = outageOf('failure', '2026-11-16T09:00:00Z', null);
    expect(deadlineOf({ issueDate: '2026-11-16', mode: 'online' }, [lasting])).toEqual({
      at: null,
      rule: 'failure',
    });
    expect(deadlineOf({ issueDate: '2026-11-15', mode: 'online' }, [lasting]).rule).toBe('online');
  });

  it('never comes earlier than without it, whatever the outages and their order', () => {
    fc.assert(
      fc.property(day, mode, fc.array(outage, { maxLength: 5 }), (issueDate, how, outages) => {
        const without = deadlineOf({ issueDate, mode: how }, []).at ?? new Date(0);
        const moved = deadlineOf({ issueDate, mode: how }, outages);
        if (moved.at !== null) expect(moved.at.getTime()).toBeGreaterThanOrEqual(without.getTime());
        expect(deadlineOf({ issueDate, mode: how }, [...outages].reverse()).at).toEqual(moved.at);
      }),
    );
  });
});

describe('what is told of a deadline', () => {
  const at = new Date('2026-11-16T23:00:00Z');
  it.each([
    ['18:59:59', null],
    ['19:00:00', '4h'],
    ['21:59:59', '4h'],
    ['22:00:00', '1h'],
    ['22:59:59', '1h'],
    ['23:00:00', 'passed'],
  ])('at %s is %s', (time, threshold) => {
    expect(thresholdOf({ at, rule: 'online' }, new Date(`2026-11-16T${time}Z`))).toBe(threshold);
  });

  it('nothing is told of one that is not known', () => {
    expect(thresholdOf({ at: null, rule: 'failure' }, at)).toBeNull();
  });
});

describe("KSeF's date of receipt", () => {
  const openedAt = new Date('2026-11-16T22:59:00Z');
  const sentAt = new Date('2026-11-16T23:01:00Z');

  it('is the opening of a batch and the sending of a single invoice', () => {
    expect(invoicingDateOf({ kind: 'batch', openedAt, sentAt: null })).toEqual(openedAt);
    expect(invoicingDateOf({ kind: 'interactive', openedAt, sentAt })).toEqual(sentAt);
    expect(willBeMarkedOffline('2026-11-16', openedAt)).toBe(false);
    expect(willBeMarkedOffline('2026-11-16', sentAt)).toBe(true);
  });
});

describe("KSeF's day", () => {
  it('is that of its clock, and waiting ends ten minutes before its midnight', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -7_200_000, max: 7_200_000 }), (now, offsetMs) => {
        const { today, leavesBy } = ksefDay(now, offsetMs);
        const theirs = new Date(now.getTime() + offsetMs);
        const begun = new Date(theirs.getTime() - DAY_BEGINS_MARGIN_MS);
        expect(today).toBe(warsawDay(begun));
        const midnight = new Date(leavesBy.getTime() + LEAVE_BEFORE_MIDNIGHT_MS + offsetMs);
        expect(midnight).toEqual(startOfWarsawDay(addDays(today, 1)));
        expect(midnight > begun).toBe(true);
      }),
    );
  });
});
