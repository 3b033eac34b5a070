/** What somebody may think of doing next; what it comes to depends on what there is. */
import fc from 'fast-check';
import { ksefNumber } from './invoices.ts';
import type { Model, ModelSession } from './transitions-model.ts';
import type { Outcome, Step } from './transitions-steps.ts';

const WEIGHTS = {
  advance: 30,
  claim: 4,
  stale: 6,
  person: 5,
  accept: 3,
  settle: 3,
  acquire: 2,
  hold: 1,
  fail: 1,
  putCredentials: 1,
  login: 2,
  pause: 2,
} as const;
type Kind = keyof typeof WEIGHTS;
const KINDS = Object.entries(WEIGHTS).map(([kind, weight]) => ({
  weight,
  arbitrary: fc.constant(kind as Kind),
}));

export interface Move {
  readonly kind: Kind;
  readonly actor: string;
  /** Which of what there is, and how. */
  readonly pick: number;
  readonly how: number;
  readonly outcomes: readonly (Outcome | null)[];
  /** Turns of the event loop before it begins. */
  readonly after: number;
}

const move = fc.record<Move>({
  kind: fc.oneof(...KINDS),
  actor: fc.constantFrom('a', 'b', 'c'),
  pick: fc.nat({ max: 59 }),
  how: fc.nat({ max: 59 }),
  outcomes: fc.array(fc.constantFrom(null, 'cleared', 'cleared', 'rejected', 'held', 'again'), {
    minLength: 4,
    maxLength: 4,
  }),
  after: fc.nat({ max: 12 }),
});

export const rounds = fc.array(
  fc.record({
    waitMs: fc.constantFrom(0, 0, 1, 31_000, 600_000),
    moves: fc.array(move, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 15, maxLength: 30, size: 'max' },
);

/** Fences as their takers remember them, however stale: `actor session`. */
export type Fences = ReadonlyMap<string, number>;

/** Null where there is nothing yet to do it to. */
export function stepOf(move: Move, model: Model, fences: Fences): Step | null {
  switch (move.kind) {
    case 'accept':
      return { do: 'accept', wishes: wishes(move) };
    case 'claim':
      return { do: 'claim', kind: move.how % 2 === 0 ? 'batch' : 'interactive', count: 1 + (move.pick % 4) };
    case 'hold':
      return { do: 'hold', cause: move.how % 2 === 0 ? 'login_refused' : 'session_failed' };
    case 'putCredentials':
      return { do: 'putCredentials' };
    case 'pause':
      return { do: move.how % 3 === 0 ? 'pause' : 'resume' };
    case 'login':
      return login(move, model);
    case 'person':
      return person(move, model);
    default:
      return onSession(move, model, fences);
  }
}

function wishes({ pick, how }: Move) {
  const wish = (of: number) => ({ number: String(of % 5), version: Math.floor(of / 50) });
  return [pick, pick + 1, how, how + 1].slice(0, 1 + (how % 4)).map(wish);
}

function picked<Of>(all: readonly Of[], pick: number): Of | undefined {
  return all[pick % Math.max(all.length, 1)];
}

function login({ pick, how }: Move, { logins }: Model): Step | null {
  const credential = picked([...logins.keys()], pick);
  if (how % 4 !== 0) return { do: how % 4 === 1 ? 'beginLogin' : 'refuseLogin' };
  return credential === undefined ? null : { do: 'finishLogin', credential };
}

function person({ pick, how }: Move, { invoices }: Model): Step | null {
  const held = [...invoices].filter(([, { state }]) => state === 'held').map(([id]) => id);
  const invoice = picked(held.length > 0 && how % 5 !== 0 ? held : [...invoices.keys()], pick);
  if (invoice === undefined) return null;
  if (how % 3 === 2) return { do: how % 2 === 0 ? 'retry' : 'withdraw', invoice };
  return { do: 'resolve', invoice, ksefNumber: how % 3 === 0 ? numberOf(invoice) : null };
}

/** KSeF registers an invoice once, so always under the same number. */
export function numberOf(invoice: string): string {
  return ksefNumber(Number.parseInt(invoice.replaceAll('-', '').slice(-11), 16));
}

function onSession(move: Move, { sessions }: Model, fences: Fences): Step | null {
  const { kind, actor, pick, outcomes } = move;
  const live = [...sessions].filter(([, { state }]) => state !== 'settled' && state !== 'failed');
  const [session, record] = picked(kind === 'advance' ? live : [...sessions], pick) ?? [];
  if (session === undefined || record === undefined) return null;
  const fence = fences.get(`${actor} ${session}`) ?? null;
  if (kind === 'settle') return { do: 'settle', session, outcomes };
  if (kind === 'fail') return { do: 'fail', session };
  if (kind === 'stale') return fence === null ? null : anyWrite(move, session, fence);
  if (kind === 'acquire') return { do: 'acquire', session, actor };
  if (record.state === 'closed' || record.state === 'abandoned') return { do: 'settle', session, outcomes };
  if (record.leaseUntil === null || move.how % 8 === 0) return { do: 'acquire', session, actor };
  return proper(move, session, record);
}

/** What the one who has the session does next when all is well. */
function proper({ how, pick }: Move, session: string, record: ModelSession): Step {
  const of = { session, fence: record.fence };
  if (record.state === 'claimed') return { do: 'open', ...of };
  if (record.state === 'closing') return { do: 'closed', ...of };
  const ordinal = 1 + (pick % record.members.length);
  if (record.kind === 'batch') return { do: how % 2 === 0 ? 'upload' : 'closing', ...of };
  if (how % 3 === 0) return { do: 'closing', ...of };
  return { do: how % 3 === 1 ? 'intend' : 'sent', ...of, ordinal };
}

/** Whatever a sender may write, at a time of its own choosing. */
function anyWrite({ how, pick }: Move, session: string, fence: number): Step {
  const of = { session, fence };
  const ordinal = 1;
  const outcome = picked(['rejected', 'held', 'again'] as const, pick) ?? 'again';
  const writes: Step[] = [
    { do: 'renew', ...of },
    { do: 'release', ...of },
    { do: 'open', ...of },
    { do: 'upload', ...of },
    { do: 'intend', ...of, ordinal },
    { do: 'sent', ...of, ordinal },
    { do: 'refuse', ...of, ordinal, outcome },
    { do: 'closing', ...of },
    { do: 'closed', ...of },
    { do: 'abandon', ...of, unopened: pick % 2 === 0 },
    { do: 'failUnclosed', ...of, partsMissing: pick % 2 === 0 },
  ];
  return picked(writes, how) ?? { do: 'renew', ...of };
}
