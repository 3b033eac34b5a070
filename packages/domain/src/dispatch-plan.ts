/**
 * What to do now with the invoices that wait in one lane (seller, form, mode): a pure function, run inside the
 * transaction that claims. More than five go as a batch, five or fewer interactively; attachments always as a batch.
 * It claims no more sessions than the budget of calls has room for, so that a lane gathers while the budget is short.
 */
import type { Room } from './room.ts';

/** Up to this many go interactively; the rule of the project. */
export const INTERACTIVE_INVOICES_MAX = 5;
/** Source: KSeF documentation, limits of a batch session. */
export const SESSION_INVOICES_MAX = 10_000;
export const SESSION_BYTES_MAX = 5_000_000_000;
/** One transaction claims so many at most, so that it stays short; the lane is looked at again at once. */
export const SESSIONS_PER_CLAIM_MAX = 4;

export type Mode = 'online' | 'offline';
export type SessionKind = 'batch' | 'interactive';

export interface Lane {
  readonly nip: string;
  readonly form: string;
  readonly mode: Mode;
}

/** What makes a lane: `5265877635|FA (3)|online`. */
export function laneKey(lane: Lane): string {
  return `${lane.nip}|${lane.form}|${lane.mode}`;
}

/** What waits in a lane at one moment; invoices whose issue day has not begun are not counted. */
export interface Waiting {
  readonly count: number;
  readonly attachments: number;
  /** When the first of them has lingered long enough for neighbours; null when none waits. */
  readonly firstDueAt: Date | null;
  /** When the next invoice that is dated ahead begins to count; null when there is none. */
  readonly nextBeginsAt: Date | null;
  /** By when they should leave, where some are issued today and are to be there before midnight. */
  readonly leavesBy?: Date | null;
}

export interface Claim {
  readonly kind: SessionKind;
  readonly count: number;
  readonly which: 'any' | 'attachments' | 'plain';
}

export type DispatchDecision =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'wait';
      readonly until: Date;
      readonly why: 'neighbours' | 'budget' | 'its day' | 'KSeF';
    }
  /** `more`: what waits does not fit these claims, look again at once. */
  | { readonly kind: 'send'; readonly claims: readonly Claim[]; readonly more: boolean };

export function planDispatch(now: Date, waiting: Waiting, room: Room): DispatchDecision {
  if (waiting.count === 0) {
    return waiting.nextBeginsAt === null
      ? { kind: 'idle' }
      : { kind: 'wait', until: waiting.nextBeginsAt, why: 'its day' };
  }
  const { leavesBy = null } = waiting;
  const pressed = leavesBy !== null && leavesBy <= now;
  const decision = planFor(now, waiting, room, pressed);
  if (decision.kind !== 'wait' || leavesBy === null || pressed) return decision;
  return decision.until <= leavesBy ? decision : { ...decision, until: leavesBy };
}

/** `pressed`: midnight is near, so nobody is waited for and a batch may be small where it alone has room. */
function planFor(now: Date, waiting: Waiting, room: Room, pressed: boolean): DispatchDecision {
  if (waiting.count > INTERACTIVE_INVOICES_MAX) return withinRoom(batches(waiting.count), room);
  if (!pressed && waiting.firstDueAt !== null && waiting.firstDueAt > now) {
    return { kind: 'wait', until: waiting.firstDueAt, why: 'neighbours' };
  }
  const decision = withinRoom(smallClaims(waiting), room);
  return pressed && decision.kind === 'wait' ? withinRoom(batches(waiting.count), room) : decision;
}

/** Even sessions, so that 10,003 invoices do not leave three behind to go one by one. */
function batches(count: number): Claim[] {
  const sessions = Math.ceil(count / SESSION_INVOICES_MAX);
  const smallest = Math.floor(count / sessions);
  const larger = count % sessions;
  return Array.from({ length: sessions }, (_, index) => ({
    kind: 'batch',
    count: smallest + (index < larger ? 1 : 0),
    which: 'any',
  }));
}

function smallClaims(waiting: Waiting): Claim[] {
  const claims: Claim[] = [];
  const plain = waiting.count - waiting.attachments;
  if (waiting.attachments > 0)
    claims.push({ kind: 'batch', count: waiting.attachments, which: 'attachments' });
  if (plain > 0) claims.push({ kind: 'interactive', count: plain, which: 'plain' });
  return claims;
}

function withinRoom(wanted: readonly Claim[], room: Room): DispatchDecision {
  const left = { batch: room.batch.sessions, interactive: room.interactive.sessions };
  const fitting = wanted.filter((claim) => {
    if (claim.kind === 'interactive' && claim.count > room.interactive.sends) return false;
    left[claim.kind] -= 1;
    return left[claim.kind] >= 0;
  });
  if (fitting.length === 0) return { kind: 'wait', until: whenFree(wanted, room), why: 'budget' };
  const claims = fitting.slice(0, SESSIONS_PER_CLAIM_MAX);
  return { kind: 'send', claims, more: claims.length < wanted.length };
}

function whenFree(wanted: readonly Claim[], room: Room): Date {
  return new Date(Math.min(...wanted.map(({ kind }) => room[kind].freeAt.getTime())));
}
