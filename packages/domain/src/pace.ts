/**
 * When what waits leaves while an hour's calls run short: batches at the pace that lasts, or once what they take has waited
 * more than a session is worth; a few once they are as many as the sessions that are left ask for, and once sends last,
 * or are worth it. What is reserved is for urgent work alone.
 */
import type { Room } from './room.ts';
import { earlier, later } from './spacing.ts';

/** A session is worth its calls once what it takes has waited, all in all, as much as this many would at the distance. */
const INVOICES_PER_BATCH_PACE = 3;
const INVOICES_PER_FEW_PACE = 0.8;
/** Batches count as no fewer than this share, however few are left. */
const LEFT_SHARE_MIN = 0.05;
/** Nobody waits for longer than so many times what a send is worth until sends last. */
const SENDS_WORTH = 1.25;

/** Those of one kind that would go now; `waitedMs`: how long they have waited on average. */
export interface Leaving {
  readonly kind: keyof Room;
  readonly count: number;
  readonly waitedMs: number;
}

export function leavesAt(now: Date, leaving: Leaving, room: Room): Date {
  return leaving.kind === 'batch' ? batchAt(now, leaving, room.batch) : fewAt(now, leaving, room.interactive);
}

/**
 * Before its turn where it is worth it, which takes the more the fewer are left, and never at less than half of the pace:
 * else what comes fast and goes on coming would take all of them, and the rest of the hour would wait.
 */
function batchAt(now: Date, leaving: Leaving, { spacing }: Room['batch']): Date {
  const leftShare = Math.max(LEFT_SHARE_MIN, 1 - spacing.usedShare);
  const worthMs = (INVOICES_PER_BATCH_PACE * spacing.paceMs) / leftShare ** 2;
  const earliestAt = new Date(spacing.nextAt.getTime() - spacing.paceMs / 2);
  const turnAt = earlier(spacing.nextAt, later(earliestAt, worthItAt(now, leaving, worthMs)));
  return later(spacing.unreservedAt, turnAt);
}

/** A few wait until they are as many as should go together, and until sends last: if not, for the sixth. */
function fewAt(now: Date, leaving: Leaving, { spacing }: Room['interactive']): Date {
  const sends = spacing.sends[Math.min(leaving.count, spacing.sends.length) - 1];
  const fromAt = sends === undefined ? spacing.unreservedAt : later(spacing.unreservedAt, sends.unreservedAt);
  const sendsWorthItAt = new Date(
    now.getTime() + Math.ceil(SENDS_WORTH * spacing.sendWorthMs - leaving.waitedMs),
  );
  const sparingAt = sends === undefined ? fromAt : later(fromAt, earlier(sends.lastAt, sendsWorthItAt));
  return leaving.count >= spacing.together
    ? sparingAt
    : later(sparingAt, worthItAt(now, leaving, INVOICES_PER_FEW_PACE * spacing.apartMs));
}

/** Once all of them have waited for so long together. */
function worthItAt(now: Date, { count, waitedMs }: Leaving, worthMs: number): Date {
  return new Date(now.getTime() + Math.ceil(worthMs / count - waitedMs));
}

/** What is left to work that is not urgent. */
export function withoutReserve({ batch, interactive }: Room): Room {
  const ordinary = <Kind extends Room[keyof Room]>(kind: Kind): Kind => ({
    ...kind,
    sessions: Math.min(kind.sessions, kind.spacing.unreserved),
    freeAt: later(kind.freeAt, kind.spacing.unreservedAt),
  });
  const sends = Math.min(interactive.sends, interactive.spacing.unreservedSends);
  return { batch: ordinary(batch), interactive: { ...ordinary(interactive), sends } };
}
