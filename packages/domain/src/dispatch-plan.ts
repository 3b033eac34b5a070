/**
 * What to do now with the invoices that wait in one lane (seller, form, mode): a pure function, run inside the
 * transaction that claims. More than five go as a batch, five or fewer interactively; attachments always as a batch,
 * technical corrections always interactively.
 * It claims no more sessions than the budget of calls has room for, and keeps them apart while an hour's calls run short,
 * so that a lane gathers then: what waits leaves at the pace that lasts, or once it has waited more than a session is worth;
 * a few leave once they are as many as the sessions that are left ask for, or six as a batch.
 * Groups on trial (trial.ts) go in sessions of their own, in turn with the others, and leave places for these.
 */
import { leavesAt, withoutReserve } from './pace.ts';
import type { Room } from './room.ts';

/** Up to this many go interactively; the rule of the project. */
export const INTERACTIVE_INVOICES_MAX = 5;
/** Source: KSeF documentation, limits of a batch session. */
export const SESSION_INVOICES_MAX = 10_000;
export const SESSION_BYTES_MAX = 5_000_000_000;
/** One transaction claims so many at most, so that it stays short; the lane is looked at again at once. */
export const SESSIONS_PER_CLAIM_MAX = 4;
/** Groups on trial leave so many sessions of a kind to others, until they have waited for too long. */
const SESSIONS_LEFT_BY_TRIALS = 3;
const TRIAL_PATIENCE_MS = 3_600_000;
/** When there is a place and it is left to others, it is looked at again after so long. */
const TRIAL_LOOK_MS = 60_000;

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
  /** Those that their sender called urgent: they wait for no pace, and what is reserved is for them. */
  readonly urgent?: number;
  /** The times that all of them have waited beyond lingering, added up. */
  readonly waitedMs?: number;
  /** When the first of them has lingered long enough for neighbours; null when none waits. */
  readonly firstDueAt: Date | null;
  /** When the next invoice that is dated ahead begins to count; null when there is none. */
  readonly nextBeginsAt: Date | null;
  /** By when they should leave, where some are issued today and are to be there before midnight. */
  readonly leavesBy?: Date | null;
  /** Groups that go again by themselves and are counted in none of the above; the longest due first. */
  readonly trials?: readonly WaitingTrial[];
}

/** Invoices that failed together and go again among themselves. */
export interface WaitingTrial {
  readonly id: string;
  readonly count: number;
  readonly attachments: number;
  readonly corrections: number;
  readonly dueAt: Date;
}

export interface Claim {
  readonly kind: SessionKind;
  readonly count: number;
  /** `any`: whatever is no technical correction. */
  readonly which: 'any' | 'attachments' | 'plain' | 'corrections' | 'trial';
  /** The group that goes, where it is one on trial. */
  readonly trialId?: string;
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
  const { leavesBy = null, trials = [], nextBeginsAt } = waiting;
  if (waiting.count === 0 && trials.length === 0)
    return nextBeginsAt === null ? { kind: 'idle' } : { kind: 'wait', until: nextBeginsAt, why: 'its day' };
  const pressed = leavesBy !== null && leavesBy <= now;
  const decision = planFor(now, waiting, room, pressed);
  if (decision.kind !== 'wait' || leavesBy === null || pressed) return decision;
  return decision.until <= leavesBy ? decision : { ...decision, until: leavesBy };
}

/** `pressed`: midnight is near, so nobody is waited for and a batch may be small where it alone has room. */
function planFor(now: Date, waiting: Waiting, all: Room, pressed: boolean): DispatchDecision {
  const { count, attachments, urgent = 0, firstDueAt } = waiting;
  const hurried = pressed || urgent > 0;
  const room = hurried ? all : withoutReserve(all);
  const others = count - waiting.corrections;
  const asBatches = [...batches(others), ...corrections(waiting.corrections, 0, room)];
  if (others > INTERACTIVE_INVOICES_MAX) return atItsPace(now, waiting, asBatches, room, hurried);
  if (!pressed && firstDueAt !== null && firstDueAt > now)
    return meanwhile(now, waiting, { kind: 'wait', until: firstDueAt, why: 'neighbours' }, [], room);
  const small = [...smallClaims(waiting), ...corrections(waiting.corrections, others - attachments, room)];
  const decision = atItsPace(now, waiting, small, room, hurried);
  return pressed && decision.kind === 'wait' && others > 0 ? inTurn(now, waiting, asBatches, room) : decision;
}

type Wait = Extract<DispatchDecision, { kind: 'wait' }>;

/** Batches and interactive sessions each keep a pace of their own, by all that would go in them; who is hurried keeps none. */
function atItsPace(
  now: Date,
  waiting: Waiting,
  fresh: readonly Claim[],
  room: Room,
  hurried: boolean,
): DispatchDecision {
  const waitedMs = (waiting.waitedMs ?? 0) / waiting.count;
  const leaves = (kind: SessionKind): Date => {
    const claims = fresh.filter((claim) => claim.kind === kind);
    const count = claims.reduce((total, claim) => total + claim.count, 0);
    return leavesAt(now, { kind, count, waitedMs }, room);
  };
  const held = hurried ? [] : fresh.filter(({ kind }) => leaves(kind) > now);
  if (held.length === 0) return inTurn(now, waiting, fresh, room);
  const until = new Date(Math.min(...held.map(({ kind }) => leaves(kind).getTime())));
  const going = fresh.filter((claim) => !held.includes(claim));
  return meanwhile(now, waiting, { kind: 'wait', until, why: 'budget' }, going, room);
}

/** These are held; what else may go and what is on trial waits for none of them. */
function meanwhile(
  now: Date,
  waiting: Waiting,
  held: Wait,
  going: readonly Claim[],
  room: Room,
): DispatchDecision {
  if (going.length === 0 && (waiting.trials ?? []).length === 0) return held;
  const decision = inTurn(now, waiting, going, room);
  return decision.kind === 'wait' && held.until < decision.until ? held : decision;
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

/** Groups on trial and all others take turns by how long they have been due, so that neither starves the other. */
function inTurn(now: Date, waiting: Waiting, fresh: readonly Claim[], room: Room): DispatchDecision {
  const { firstDueAt, trials = [] } = waiting;
  const isOlder = ({ dueAt }: WaitingTrial) => firstDueAt === null || dueAt <= firstDueAt;
  const wanted = [
    ...trials.filter(isOlder).map((trial) => trialClaim(now, trial, room)),
    ...fresh.map((claim) => ({ ...claim, leaves: 0 })),
    ...trials.filter((trial) => !isOlder(trial)).map((trial) => trialClaim(now, trial, room)),
  ];
  const waitingInAll = trials.reduce((total, { count }) => total + count, waiting.count);
  return withinRoom(now, waitingInAll, wanted, room);
}

/** A claim that is made only while it leaves so many sessions of its kind to others. */
type Wanted = Claim & { readonly leaves: number };

/** Interactively each of a few gets a verdict of its own; attachments cannot, so they are split down to one. */
function trialClaim(now: Date, trial: WaitingTrial, room: Room): Wanted {
  const { id: trialId, count, attachments, corrections: few, dueAt } = trial;
  const leaves = now.getTime() - dueAt.getTime() < TRIAL_PATIENCE_MS ? SESSIONS_LEFT_BY_TRIALS : 0;
  const which = 'trial' as const;
  const asBatch = few === 0 && (attachments > 0 || count > INTERACTIVE_INVOICES_MAX);
  if (asBatch) return { kind: 'batch', count, which, trialId, leaves };
  const sends = Math.max(1, Math.min(count, room.interactive.sends));
  return { kind: 'interactive', count: sends, which, trialId, leaves };
}

function withinRoom(now: Date, waiting: number, wanted: readonly Wanted[], room: Room): DispatchDecision {
  const left = { batch: room.batch.sessions, interactive: room.interactive.sessions };
  let sendsLeft = room.interactive.sends;
  const fitting = wanted.filter(({ kind, count, leaves }) => {
    const sends = kind === 'interactive' ? count : 0;
    if (left[kind] < 1 + leaves || sends > sendsLeft) return false;
    left[kind] -= 1;
    sendsLeft -= sends;
    return true;
  });
  if (fitting.length === 0) return { kind: 'wait', until: whenFree(now, wanted, room), why: 'budget' };
  const claims = fitting.slice(0, SESSIONS_PER_CLAIM_MAX).map(({ leaves: _, ...claim }): Claim => claim);
  const claimed = claims.reduce((total, { count }) => total + count, 0);
  return { kind: 'send', claims, more: claimed < waiting };
}

function whenFree(now: Date, wanted: readonly Wanted[], room: Room): Date {
  const moments = wanted.map(({ kind, leaves }) => {
    const freeAt = room[kind].freeAt.getTime();
    return leaves > 0 ? Math.max(freeAt, now.getTime() + TRIAL_LOOK_MS) : freeAt;
  });
  return new Date(Math.min(...moments));
}
