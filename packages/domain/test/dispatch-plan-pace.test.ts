/** Who waits for which calls: by what would really be sent, and never for longer than it is worth. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENTED_RATE_LIMITS, planDispatch, type Room, roomOf, type Waiting } from '../src/index.ts';

const now = new Date('2026-12-01T08:00:00Z');
const HOUR_MS = 3_600_000;
const UNRESERVED_SENDS = 171;
const later = (ms: number) => new Date(now.getTime() + ms);
const limits = {
  ...DOCUMENTED_RATE_LIMITS,
  invoiceSend: { perSecond: 10, perMinute: 1_000, perHour: 180 },
  batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
  onlineSessionClose: { perSecond: 20, perMinute: 60, perHour: 240 },
};
const idle = { claimed: 0, opened: 0, sends: 0 };
const due = { attachments: 0, corrections: 0, firstDueAt: now, nextBeginsAt: null };
const spentAgo = fc.array(fc.integer({ min: 1, max: HOUR_MS - 1 }), { maxLength: UNRESERVED_SENDS });

/** After so many sends, in sessions of five. */
function roomAfter(sentAgoMs: readonly number[], atMs = 0): Room {
  const sent = sentAgoMs.map((ms) => ({ answeredAt: later(-ms) }));
  const opened = sent.filter((_, index) => index % 5 === 0);
  const charged = new Map([
    ['invoiceSend', sent],
    ['onlineSession', opened],
    ['onlineSessionClose', opened],
  ]);
  return roomOf(later(atMs), { limits, charged, batch: idle, interactive: idle });
}

/** How long they wait if nothing else comes. */
function waitsMs(waiting: Waiting, sentAgoMs: readonly number[]): number {
  for (let atMs = 0; ; ) {
    const waited = { ...waiting, waitedMs: atMs * waiting.count };
    const decision = planDispatch(later(atMs), waited, roomAfter(sentAgoMs, atMs));
    if (decision.kind !== 'wait') return atMs;
    atMs = decision.until.getTime() - now.getTime();
  }
}

describe('planDispatch by what is sent', () => {
  it('lets attachments wait for no sends', () => {
    fc.assert(
      fc.property(spentAgo, fc.integer({ min: 1, max: 5 }), (ago, count) => {
        const decision = planDispatch(now, { ...due, count, attachments: count }, roomAfter(ago));
        expect(decision).toMatchObject({ claims: [{ kind: 'batch', count, which: 'attachments' }] });
      }),
    );
  });

  it('lets attachments go while the plain ones beside them wait', () => {
    const room = roomAfter(Array(150).fill(60_000));
    const decision = planDispatch(now, { ...due, count: 3, attachments: 1 }, room);
    expect(decision).toMatchObject({ claims: [{ kind: 'batch', count: 1 }], more: true });
    expect(planDispatch(now, { ...due, count: 2 }, room).kind).toBe('wait');
  });

  it('lets corrections wait for no batch', () => {
    const full = roomAfter([]);
    const spacing = { ...full.batch.spacing, unreservedAt: later(HOUR_MS), apartMs: HOUR_MS };
    const room = { ...full, batch: { ...full.batch, sessions: 0, freeAt: later(HOUR_MS), spacing } };
    const decision = planDispatch(now, { ...due, count: 6, corrections: 6 }, room);
    expect(decision).toMatchObject({ claims: [{ which: 'corrections', count: 6 }] });
  });

  it('takes nothing from the reserve for what is not urgent, corrections and others together', () => {
    const spent = fc.integer({ min: 100, max: 180 });
    fc.assert(
      fc.property(spent, fc.nat({ max: 9 }), fc.nat({ max: 9 }), (calls, plain, corrections) => {
        fc.pre(plain + corrections > 0);
        const waiting = { ...due, count: plain + corrections, corrections, waitedMs: 10 * HOUR_MS };
        const decision = planDispatch(now, waiting, roomAfter(Array(calls).fill(60_000)));
        const claims = decision.kind === 'send' ? decision.claims : [];
        const sends = claims.filter(({ kind }) => kind === 'interactive');
        const sent = sends.reduce((total, { count }) => total + count, 0);
        expect(sent === 0 || calls + sent <= UNRESERVED_SENDS).toBe(true);
      }),
    );
    const reserved = roomAfter(Array(UNRESERVED_SENDS).fill(60_000));
    expect(planDispatch(now, { ...due, count: 1, urgent: 1 }, reserved).kind).toBe('send');
  });
});

describe('planDispatch after many sends', () => {
  it('lets a few that nobody joins wait no longer than sends are worth', () => {
    expect(waitsMs({ ...due, count: 1 }, Array(120).fill(60_000))).toBeLessThan(90_000);
    expect(waitsMs({ ...due, count: 1 }, Array(150).fill(60_000))).toBeLessThan(330_000);
  });

  it('lets them wait no longer than as many calls as are left would last for', () => {
    fc.assert(
      fc.property(spentAgo, fc.integer({ min: 1, max: 5 }), (ago, count) => {
        fc.pre(ago.length + count <= UNRESERVED_SENDS);
        const { sendWorthMs } = roomAfter(ago).interactive.spacing;
        expect(waitsMs({ ...due, count }, ago)).toBeLessThanOrEqual(1.25 * sendWorthMs + 60_000);
      }),
    );
  });
});
