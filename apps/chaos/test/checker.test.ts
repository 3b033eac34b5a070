import { describe, expect, it } from 'vitest';
import { check, findingNames } from '../src/checker.ts';
import type { Evidence, LedgerInvoice, Registered } from '../src/evidence.ts';
import { MADE_UP_ORIGINAL } from '../src/ksef-kinds.ts';

const cleared: LedgerInvoice = {
  id: 'i1',
  nip: '5265877635',
  sha256: 'hash-1',
  state: 'cleared',
  holdCause: null,
  verdictCode: 200,
  ksefNumber: 'number-1',
  hasReceipt: true,
  storedSha256: 'hash-1',
};
const registered: Registered = {
  nip: '5265877635',
  kind: 'VAT',
  number: 'FV/1',
  sha256: 'hash-1',
  ksefNumber: 'number-1',
  session: 'ours',
};
const promised = { nip: '5265877635', sha256: 'hash-1', invoiceId: 'i1', atMs: 0 };
const told = { id: 'i1', sha256: 'hash-1', state: 'cleared', ksefNumber: 'number-1' };

/** A run in which one invoice was accepted and cleared, as it should be. */
const GOOD: Evidence = {
  promised: [promised],
  handedIn: new Set(['hash-1']),
  invoices: [cleared],
  sessions: [{ id: 's1', reference: 'ours', state: 'settled', abandoned: false }],
  registry: [registered],
  told: [told],
  metTwice: [],
  overLimit: [],
  odd: [],
  unanswered: [],
  deaths: [],
  logs: new Map([['worker', '{"msg":"working"}']]),
  secrets: new Map([['sesame', 'a KSeF token']]),
  outOfPatience: false,
  allowed: { meetTwice: false, ends: [] },
};

const held: LedgerInvoice = {
  ...cleared,
  state: 'held',
  holdCause: 'session_failed',
  ksefNumber: null,
};
const heldTold = { ...told, state: 'held', ksefNumber: null };
const waiting: LedgerInvoice = { ...cleared, state: 'accepted', ksefNumber: null };
const waitingTold = { ...told, state: 'accepted', ksefNumber: null };
const metTwice = [{ sha256: 'hash-1', originalSession: 'ours' }];

const theirs = { ksefNumber: 'number-2', session: 'theirs' };

function namesOf(change: Partial<Evidence>): string[] {
  return check({ ...GOOD, ...change }).map(({ name }) => name);
}

describe('the checker', () => {
  it('finds nothing in a run that went well', () => {
    expect(namesOf({})).toEqual([]);
  });

  const bad: readonly [string, Partial<Evidence>][] = [
    ['lost', { invoices: [], registry: [] }],
    ['lost', { invoices: [{ ...cleared, storedSha256: 'hash-2' }] }],
    ['registered twice', { registry: [registered, { ...registered, sha256: 'hash-2', ...theirs }] }],
    ['registered twice', { registry: [registered, { ...registered, number: 'FV/2', ...theirs }] }],
    ['sent twice', { metTwice }],
    ['cleared without a confirmed hash', { registry: [] }],
    [
      'cleared without a confirmed hash',
      { registry: [{ ...registered, sha256: 'hash-2', session: 'theirs' }] },
    ],
    ['registered, not cleared', { invoices: [waiting], told: [waitingTold] }],
    ['wrong end', { invoices: [held], told: [heldTold], registry: [] }],
    ['stuck', { outOfPatience: true, invoices: [waiting], told: [waitingTold] }],
    [
      'stuck',
      { outOfPatience: true, sessions: [{ id: 's1', reference: 'ours', state: 'closed', abandoned: false }] },
    ],
    ['stuck', { outOfPatience: true, invoices: [{ ...cleared, hasReceipt: false }] }],
    ['stuck', { unanswered: ['POST /v1/sellers/1/invoices: no answer'], told: [] }],
    ['over the limit', { overLimit: ['GET /sessions/x'] }],
    ['secret in a log', { logs: new Map([['api', 'open sesame']]) }],
    ['answer differs', { told: [waitingTold] }],
    ['answer differs', { told: [] }],
    ['answer not as documented', { odd: ['POST /v1/sellers/1/invoices answered 500'] }],
    ['died by itself', { deaths: [{ part: 'worker', code: 1, last: '' }] }],
  ];
  it.each(bad)('finds: %s', (name, change) => {
    expect(new Set(namesOf(change))).toEqual(new Set([name]));
  });

  it('has every finding tried here', () => {
    expect([...new Set(bad.map(([name]) => name))].sort()).toEqual([...findingNames].sort());
  });

  it('takes an end that a fault of the run gives for right, and no other', () => {
    const change = { invoices: [held], told: [heldTold], registry: [] };
    expect(namesOf({ ...change, allowed: { meetTwice: false, ends: ['held: session_failed'] } })).toEqual([]);
    expect(namesOf({ ...change, allowed: { meetTwice: false, ends: ['rejected: 440'] } })).toEqual([
      'wrong end',
    ]);
  });

  it('forgives meeting bytes twice where a sender could close late what was given up, or a fault played the first', () => {
    const allowed = { meetTwice: true, ends: [] };
    const givenUp = [{ id: 's1', reference: 'ours', state: 'settled', abandoned: true }];
    expect(namesOf({ metTwice, sessions: givenUp, allowed })).toEqual([]);
    expect(namesOf({ metTwice, sessions: givenUp })).toEqual(['sent twice']);
    expect(namesOf({ metTwice, allowed })).toEqual(['sent twice']);
    const madeUp = { metTwice, registry: [{ ...registered, session: 'made up' }] };
    expect(namesOf({ ...madeUp, allowed: { meetTwice: false, ends: [MADE_UP_ORIGINAL] } })).toEqual([]);
    expect(namesOf(madeUp)).toEqual(['sent twice']);
  });
});
