/**
 * What to do now with the invoices that wait in one lane (seller, form, mode): a pure function, run inside the
 * transaction that claims. More than five go as a batch, five or fewer interactively; attachments always as a batch,
 * technical corrections always interactively.
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

/**
 * What waits in a lane at one moment; invoices whose issue day has not begun are not counted, nor are attachments for
 * which there is no consent.
 */
export interface Waiting {
  readonly count: number;
  /** Among them, technical corrections not included. */
  readonly attachments: number;
  /** Technical corrections among them, with and without attachments. */
  readonly corrections: number;
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
  /** `any`: whatever is no technical correction. */
  readonly which: 'any' | 'attachments' | 'plain' | 'corrections';
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
  const others = waiting.count - waiting.corrections;
  const asBatches = [...batches(others), ...corrections(waiting.corrections, 0, room)];
  if (others > INTERACTIVE_INVOICES_MAX) return withinRoom(waiting, asBatches, room);
  if (!pressed && waiting.firstDueAt !== null && waiting.firstDueAt > now) {
    return { kind: 'wait', until: waiting.firstDueAt, why: 'neighbours' };
  }
  const sends = others - waiting.attachments;
  const small = [...smallClaims(waiting), ...corrections(waiting.corrections, sends, room)];
  const decision = withinRoom(waiting, small, room);
  return pressed && decision.kind === 'wait' && others > 0 ? withinRoom(waiting, asBatches, room) : decision;
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
  const plain = waiting.count - waiting.corrections - waiting.attachments;
  if (waiting.attachments > 0)
    claims.push({ kind: 'batch', count: waiting.attachments, which: 'attachments' });
  if (plain > 0) claims.push({ kind: 'interactive', count: plain, which: 'plain' });
  return claims;
}

/** However many they are: as many at a time as there are calls left for sending, and the rest in further sessions. */
function corrections(count: number, sendsBefore: number, room: Room): Claim[] {
  if (count === 0) return [];
  const sends = Math.min(room.interactive.sends - sendsBefore, SESSION_INVOICES_MAX);
  return [{ kind: 'interactive', count: Math.max(1, Math.min(count, sends)), which: 'corrections' }];
}

function withinRoom(waiting: Waiting, wanted: readonly Claim[], room: Room): DispatchDecision {
  const left = { batch: room.batch.sessions, interactive: room.interactive.sessions };
  let sendsLeft = room.interactive.sends;
  const fitting = wanted.filter(({ kind, count }) => {
    const sends = kind === 'interactive' ? count : 0;
    if (left[kind] < 1 || sends > sendsLeft) return false;
    left[kind] -= 1;
    sendsLeft -= sends;
    return true;
  });
  if (fitting.length === 0) return { kind: 'wait', until: whenFree(wanted, room), why: 'budget' };
  const claims = fitting.slice(0, SESSIONS_PER_CLAIM_MAX);
  const claimed = claims.reduce((total, { count }) => total + count, 0);
  return { kind: 'send', claims, more: claimed < waiting.count };
}

function whenFree(wanted: readonly Claim[], room: Room): Date {
  return new Date(Math.min(...wanted.map(({ kind }) => room[kind].freeAt.getTime())));
}
