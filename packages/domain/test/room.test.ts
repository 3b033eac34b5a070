import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_PRESUMED_ANSWERED_MS, planDispatch, type RateLimits, type Room, roomOf } from '../src/index.ts';

const HOUR_MS = 3_600_000;
/** An hour after a call is presumed to have been answered there is a place again. */
const STOOD_MS_MAX = HOUR_MS + CALL_PRESUMED_ANSWERED_MS + 60_000;
/** Once a second until calls are presumed to have been answered, and then some. */
const MOST_LOOKS = 300;
const now = new Date('2026-12-01T08:00:00Z');

describe('roomOf', () => {
  const idle = { claimed: 0, opened: 0, sends: 0 };
  const free = { charged: new Map(), batch: idle, interactive: idle };
  const group = (perMinute: number, perHour: number) => ({ perSecond: 10, perMinute, perHour });
  const shared = { batchSession: group(20, 60), onlineSession: group(30, 120), invoiceSend: group(30, 180) };
  const apart = { ...shared, batchSessionClose: group(40, 120), onlineSessionClose: group(60, 240) };

  it('keeps a place for closing where closes share the group of opens', () => {
    expect(roomOf(now, { ...free, limits: apart }).batch.sessions).toBe(20);
    expect(roomOf(now, { ...free, limits: shared }).batch.sessions).toBe(10);
    expect(
      roomOf(now, { ...free, limits: shared, batch: { claimed: 2, opened: 4, sends: 0 } }).batch.sessions,
    ).toBe(6);
  });

  it('counts sessions that have been claimed and calls that have been made', () => {
    const call = { answeredAt: new Date(now.getTime() - 30_000) };
    const charged = new Map([['batchSession', Array(20).fill(call)]]);
    const { batch } = roomOf(now, { ...free, limits: apart, charged });
    expect(batch).toMatchObject({ sessions: 0, freeAt: new Date(now.getTime() + 30_000) });
    const claimed = roomOf(now, { ...free, limits: apart, batch: { claimed: 18, opened: 0, sends: 0 } });
    expect(claimed.batch.sessions).toBe(2);
    expect(
      roomOf(now, { ...free, limits: apart, interactive: { claimed: 1, opened: 0, sends: 5 } }).interactive,
    ).toMatchObject({ sessions: 29, sends: 25 });
  });

  it('never has room for sessions that could not all be opened and closed within the windows', () => {
    fc.assert(
      fc.property(fc.nat({ max: 70 }), fc.nat({ max: 30 }), fc.nat({ max: 30 }), (calls, claimed, opened) => {
        const charged = new Map([['batchSession', Array(calls).fill({ answeredAt: now })]]);
        const { batch } = roomOf(now, {
          ...free,
          limits: shared,
          charged,
          batch: { claimed, opened, sends: 0 },
        });
        if (batch.sessions > 0)
          expect(calls + opened + 2 * (claimed + batch.sessions)).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('has no room beyond limits that have just been cut, and finds it again when they grow', () => {
    const anHour = fc.array(fc.integer({ min: 0, max: 3_599_999 }), { maxLength: 80 });
    fc.assert(
      fc.property(
        anHour,
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 120 }),
        (agoMs, cut, grown) => {
          const slots = agoMs.map((ms) => ({ answeredAt: new Date(now.getTime() - ms) }));
          const charged = new Map([['batchSession', slots]]);
          const under = (perHour: number) =>
            roomOf(now, { ...free, charged, limits: { ...apart, batchSession: group(1_000, perHour) } })
              .batch;
          expect(under(cut).sessions).toBe(Math.min(40, Math.max(0, cut - slots.length)));
          expect(under(cut + grown).sessions).toBeGreaterThanOrEqual(under(cut).sessions);
          if (under(cut).sessions > 0 || slots.length < cut) return;
          const stillThere = slots.filter(
            ({ answeredAt }) => answeredAt.getTime() + HOUR_MS > under(cut).freeAt.getTime(),
          );
          expect(stillThere.length).toBeLessThan(cut);
        },
      ),
    );
  });

  it('lets so many go together as sessions are left for what comes, by what has gone', () => {
    const call = (secondsAgo: number) => ({ answeredAt: new Date(now.getTime() - secondsAgo * 1_000) });
    const every36s = Array.from({ length: 100 }, (_, index) => call(36 * index + 1));
    const charged = new Map([
      ['onlineSession', every36s],
      ['invoiceSend', every36s],
    ]);
    const ample = { ...apart, invoiceSend: group(300, 1_000) };
    const togetherOf = (calls: typeof charged) =>
      roomOf(now, { ...free, charged: calls, limits: ample }).interactive.spacing.together;
    expect(togetherOf(charged)).toBe(1);
    expect(togetherOf(new Map([...charged, ['invoiceSend', [...every36s, ...every36s, ...every36s]]]))).toBe(
      3,
    );
    expect(togetherOf(new Map())).toBeLessThanOrEqual(1);
  });

  it('keeps the reserve where a session takes two places of one group, those of sessions under way counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3_599_999 }), { maxLength: 57 }),
        fc.nat({ max: 4 }),
        fc.nat({ max: 4 }),
        (agoMs, claimed, opened) => {
          const calls = agoMs.map((ms) => ({ answeredAt: new Date(now.getTime() - ms) }));
          const ample = { ...shared, batchSession: group(1_000, 60) };
          const charged = new Map([['batchSession', calls]]);
          const batch = { claimed, opened, sends: 0 };
          const { spacing } = roomOf(now, { ...free, limits: ample, charged, batch }).batch;
          const taken = calls.length + 2 * claimed + opened;
          expect(spacing.unreserved).toBe(Math.max(0, Math.floor((57 - taken) / 2)));
          expect(spacing.unreservedAt <= now).toBe(taken + 2 <= 57);
        },
      ),
    );
  });

  it('keeps the distance from the last session that began, however long those before it take to be closed', () => {
    const call = { answeredAt: new Date(now.getTime() - 600_000) };
    for (const limits of [apart, shared]) {
      const charged = new Map([['batchSession', Array(20).fill(call)]]);
      const open = { claimed: 0, opened: 6, sends: 0 };
      const { spacing } = roomOf(now, { ...free, limits, charged, batch: open }).batch;
      expect(spacing.nextAt <= now).toBe(true);
    }
  });

  it('lets what waits go in the end, though calls are never answered and claimed sessions never begin', () => {
    const begunAgo = fc.array(fc.nat({ max: 600_000 }), { maxLength: 70 });
    const limits = fc.constantFrom(apart, shared);
    fc.assert(
      fc.property(
        limits,
        begunAgo,
        fc.nat(4),
        fc.integer({ min: 1, max: 20 }),
        (inForce, ago, claimed, count) => {
          const begun = ago.map((ms) => ({ answeredAt: null, begunAt: new Date(now.getTime() - ms) }));
          const charged = new Map(Object.keys(apart).map((counter) => [counter, begun]));
          const use = { claimed, opened: 0, sends: 0, claimedAt: now };
          let at = now;
          for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
            const room = roomOf(at, { limits: inForce, charged, batch: use, interactive: use });
            const waitedMs = count * (at.getTime() - now.getTime());
            const waiting = {
              count,
              attachments: 0,
              corrections: 0,
              waitedMs,
              firstDueAt: now,
              nextBeginsAt: null,
            };
            const decision = planDispatch(at, waiting, room);
            if (decision.kind === 'send') return;
            if (decision.kind === 'wait') at = decision.until;
            expect(at.getTime() - now.getTime()).toBeLessThanOrEqual(STOOD_MS_MAX);
          }
          expect.unreachable('it is looked at again and again');
        },
      ),
    );
  });

  it('answers with moments that there are, whatever the limits: none at all, or hardly any', () => {
    const calls = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8 }), fc.nat({ max: 200 }));
    const some = fc.record({ perSecond: calls, perMinute: calls, perHour: calls });
    const limits: fc.Arbitrary<RateLimits> = fc.dictionary(fc.constantFrom(...Object.keys(apart)), some);
    const agoMs = fc.array(fc.nat({ max: 3_599_999 }), { maxLength: 60 });
    const underWay = fc.record({ claimed: fc.nat(3), opened: fc.nat(3), sends: fc.nat(9) });
    const few = fc.record({ plain: fc.nat(9), attachments: fc.nat(3), corrections: fc.nat(8) });
    fc.assert(
      fc.property(limits, agoMs, underWay, few, (inForce, ago, use, { plain, attachments, corrections }) => {
        fc.pre(plain + attachments + corrections > 0);
        const slots = ago.map((ms) => ({ answeredAt: new Date(now.getTime() - ms) }));
        const charged = new Map(Object.keys(apart).map((counter) => [counter, slots]));
        const room = roomOf(now, { limits: inForce, charged, batch: use, interactive: use });
        expect(datesOf(room).filter((date) => Number.isNaN(date.getTime()))).toEqual([]);
        const count = plain + attachments + corrections;
        const waiting = { count, attachments, corrections, firstDueAt: now, nextBeginsAt: null };
        const decision = planDispatch(now, waiting, room);
        if (decision.kind === 'wait') expect(decision.until.getTime()).toBeGreaterThan(now.getTime());
      }),
    );
  });
});

function datesOf({ batch, interactive }: Room): Date[] {
  const kinds = [batch, interactive].flatMap(({ freeAt, spacing }) => [
    freeAt,
    spacing.nextAt,
    spacing.unreservedAt,
  ]);
  return [
    ...kinds,
    ...interactive.spacing.sends.flatMap(({ unreservedAt, lastAt }) => [unreservedAt, lastAt]),
  ];
}
