import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANSWER_SHAPES,
  type AnswerShape,
  EXCEPTION_CODES,
  FAULT_TREATMENTS,
  type FaultDetails,
  HOLD_CAUSES,
  INVOICE_STATUSES,
  judgeAlone,
  judgeFault,
  judgeInvoice,
  judgeLogin,
  judgeSession,
  KSEF_OPERATIONS,
  LOGIN_STATUSES,
  leavesDoubt,
  SESSION_STATUSES,
  shapeOf,
} from '../src/index.ts';

const FAULT: FaultDetails = {
  operation: 'sendInvoice',
  status: 400,
  code: null,
  description: '',
  details: [],
  retryAfterMs: null,
  mayHaveWorked: false,
};
const judged = (over: Partial<FaultDetails>, shape?: AnswerShape) => judgeFault({ ...FAULT, ...over }, shape);

describe('faults are judged by the catalogue', () => {
  it.each(Object.entries(EXCEPTION_CODES))('%s as it says', (code, { wsad, on = {} }) => {
    for (const operation of Object.keys(KSEF_OPERATIONS)) {
      expect(judged({ code: Number(code), operation })).toBe(on[operation] ?? wsad);
    }
    expect(Object.keys(KSEF_OPERATIONS)).toEqual(expect.arrayContaining(Object.keys(on)));
  });

  it.each(Object.entries(EXCEPTION_CODES))('%s beside a 5xx as the 5xx', (code) => {
    expect(judged({ code: Number(code), status: 502 })).toBe('retry');
    expect(judged({ code: Number(code), status: 502, mayHaveWorked: true })).toBe('ask-session');
  });

  it('a shape as it says, and in doubt where the call may have worked', () => {
    for (const [shape, row] of Object.entries(ANSWER_SHAPES) as [AnswerShape, { wsad: string }][]) {
      expect(judged({ status: null }, shape)).toBe(row.wsad);
      expect(judged({ status: null, mayHaveWorked: true }, shape)).toBe(
        leavesDoubt(shape) ? 'ask-session' : row.wsad,
      );
    }
  });

  it("413 stops, whoever says it; another page than KSeF's is no verdict", () => {
    const page = { worded: false, reasonCode: null };
    expect(judged({ status: 413 }, shapeOf(413, page))).toBe('stop');
    expect([400, 403, 404].map((status) => judged({ status }, shapeOf(status, page)))).toEqual(
      Array(3).fill('retry'),
    );
    expect(judged({ status: 408, mayHaveWorked: true })).toBe('ask-session');
  });

  it('of a refusal alone', () => {
    expect(judgeAlone({ code: null, status: 413 })).toBe('held');
    expect(
      [21405, 21166, 21167, 21402, 21001, 29999].map((code) => judgeAlone({ code, status: 400 })),
    ).toEqual(['held', 'rejected', 'rejected', 'again', 'again', 'again']);
  });
});

it('a code or status that nobody knows breaks nothing', () => {
  const outcomes = {
    login: ['working', 'success', 'refused', 'blocked', 'again'],
    session: ['open', 'working', 'judged', 'failed'],
  };
  fc.assert(
    fc.property(
      fc.integer(),
      fc.option(fc.integer({ min: 100, max: 999 })),
      fc.boolean(),
      (code, status, mayHaveWorked) => {
        fc.pre(!(code in EXCEPTION_CODES));
        const of = (known: number | null) => judged({ code: known, status, mayHaveWorked });
        expect(of(code)).toBe(of(null));
        expect(Object.keys(FAULT_TREATMENTS)).toContain(of(code));
        expect(outcomes.login).toContain(judgeLogin(code));
        expect(outcomes.session).toContain(judgeSession(code));
        const unknown = !(code in INVOICE_STATUSES);
        if (unknown) expect(judgeInvoice(code).kind).toBe(code < 200 ? 'working' : 'again');
      },
    ),
  );
});

it('every row says what it means and what the user sees, in a sentence', () => {
  const tables = [EXCEPTION_CODES, SESSION_STATUSES, INVOICE_STATUSES, LOGIN_STATUSES, ANSWER_SHAPES];
  for (const { meaning, user } of tables.flatMap((table) => Object.values(table))) {
    expect(meaning).toMatch(/\.$/);
    expect(user).toMatch(/\.$/);
  }
  for (const { wsad } of Object.values(INVOICE_STATUSES))
    if (wsad.kind === 'held') expect(Object.keys(HOLD_CAUSES)).toContain(wsad.cause);
});
