/**
 * KSeF lies, beyond what docs/fault-outcomes.md and path-faults.test.ts try one by one: for longer, in two places at
 * once, or so that it looks right. It is asked until it tells, and never guessed at; nothing is registered twice.
 */

import type { SessionInvoice } from '@wsad/domain';
import type { FaultRequest } from '@wsad/emulator';
import { describe, expect, it } from 'vitest';
import type { PathOptions } from './support/path.ts';
import type { VirtualPath } from './support/virtual-path.ts';
import { accepted, invoicesIn, outcome, type Sent } from './support/virtual-seller.ts';
import { virtualStage } from './support/virtual-stage.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OPEN = 'POST /sessions/batch';
const UPLOAD = 'PUT /storage/{session}/{part}';
const CLOSE = 'POST /sessions/batch/{referenceNumber}/close';
const CLOSE_ONLINE = 'POST /sessions/online/{referenceNumber}/close';
const STATUS = 'GET /sessions/{referenceNumber}';
const FAILED = 'GET /sessions/{referenceNumber}/invoices/failed';
const UPO = 'GET /storage/upo/{session}/{page}';
const BATCH = 8;
const FEW = 3;

const page = { contentType: 'text/html', body: '<html><body>The service is unavailable</body></html>' };
const noSuchSession = { refusal: { kind: 'exception', code: 21_173 } } as const;
const wrongState = { refusal: { kind: 'exception', code: 21_180 } } as const;

const newPath = virtualStage();

interface Lie {
  readonly what: string;
  readonly count: number;
  readonly faults: readonly FaultRequest[];
  /** How often these are called until all is cleared. */
  readonly calls: Readonly<Record<string, number>>;
}

const lies: readonly Lie[] = [
  {
    what: 'closing works, answers that there is no such session, and so does its status for a while',
    count: BATCH,
    faults: [
      { operation: CLOSE, afterEffect: true, ...noSuchSession },
      { operation: STATUS, times: 12, ...noSuchSession },
    ],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'closing works, answers that the session is in the wrong state, and its status is unavailable for an hour',
    count: BATCH,
    faults: [
      { operation: CLOSE, afterEffect: true, ...wrongState },
      { operation: STATUS, times: 40, status: 503, ...page },
    ],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'closing an interactive session works, answers 504, and then that it is in the wrong state',
    count: FEW,
    faults: [
      { operation: CLOSE_ONLINE, afterEffect: true, status: 504, ...page },
      { operation: STATUS, edit: { set: { status: { code: 100, description: 'Otwarta' } } } },
    ],
    calls: { 'POST /sessions/online': 1, 'POST /sessions/online/{referenceNumber}/invoices': FEW },
  },
  {
    what: 'a closed session shows 100 for twelve looks',
    count: BATCH,
    faults: [
      {
        operation: STATUS,
        times: 12,
        edit: { set: { status: { code: 100, description: 'Otwarta' }, upo: null } },
      },
    ],
    calls: { [OPEN]: 1 },
  },
  {
    what: 'a judged session shows that it failed, for good',
    count: BATCH,
    faults: [
      {
        operation: STATUS,
        times: 1_000,
        edit: {
          where: { 'status.code': 200 },
          set: { status: { code: 500, description: 'Błąd' }, upo: null },
        },
      },
    ],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'every upload of a part answers with a page until the session is taken up again',
    count: BATCH,
    faults: [{ operation: UPLOAD, times: 9, status: 200, ...page }],
    calls: { [OPEN]: 1, [UPLOAD]: 10, [CLOSE]: 1 },
  },
  {
    what: 'uploading answers 201 and nothing has arrived',
    count: BATCH,
    faults: [{ operation: UPLOAD, status: 201, body: '' }],
    calls: { [OPEN]: 2 },
  },
];

/** KSeF's first list repeats its first invoice as refused, and skips its second. */
const wronglyListed: PathOptions['over'] = (world) => {
  const { ksef } = world;
  let lists = 0;
  async function* sessionInvoices(
    ...of: Parameters<typeof ksef.sessionInvoices>
  ): AsyncGenerator<SessionInvoice> {
    lists += 1;
    const lying = lists === 1;
    let place = 0;
    for await (const invoice of ksef.sessionInvoices(...of)) {
      place += 1;
      if (!(lying && place === 2)) yield invoice;
      const verdict = { code: 450, description: 'Błąd', details: [] };
      if (lying && place === 1) yield { ...invoice, ksefNumber: null, verdict };
    }
  }
  return { ...world, ksef: { ...ksef, sessionInvoices } };
};

describe('all are cleared once although', () => {
  it.each(lies)('$what', async ({ count, faults, calls }) => {
    const path = await newPath(faults);
    const sent = await accepted(path, count);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: count, others: [] });
    const made = Object.keys(calls).map((operation) => [operation, path.calls(operation)]);
    expect(Object.fromEntries(made)).toEqual(calls);
  });

  it('there is no UPO, and the list tells one invoice twice, refused at the second time, and leaves another out', async () => {
    const path = await newPath([{ operation: UPO, times: 30, status: 200, ...page }], {
      over: wronglyListed,
    });
    const sent = await accepted(path, BATCH);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: BATCH, others: [] });
    // The one that was left out goes again, and is the duplicate that it must be.
    expect(path.calls('POST /sessions/online')).toBe(1);
  });

  it('a session stays 150 for six hours: it is asked seldom, and nothing goes elsewhere', async () => {
    const path = await newPath([
      {
        operation: STATUS,
        times: 100_000,
        edit: {
          where: { 'status.code': 200 },
          set: { status: { code: 150, description: 'Trwa przetwarzanie' }, upo: null },
        },
      },
    ]);
    const sent = await accepted(path, BATCH);
    await path.rest(6 * HOUR_MS);
    const states = (await invoicesIn(path, sent.ids)).map(({ state }) => state);
    expect(states).toEqual(Array(BATCH).fill('processing'));
    expect(path.calls(STATUS)).toBeLessThan(6 * 70);
    path.emulator.control.clearFaults();
    await path.rest(HOUR_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: BATCH, others: [] });
    expect([OPEN, CLOSE].map(path.calls)).toEqual([1, 1]);
  });

  it("the address of the UPO answers with another session's: it is not kept, and the true one is fetched later", async () => {
    const path = await newPath();
    const others = await accepted(path, BATCH);
    await path.rest(HOUR_MS);
    const [one] = await invoicesIn(path, others.ids);
    const strange = await path.ledger.upo(one?.id ?? '', 'all', 'session');
    if (strange?.kind !== 'ready') throw new Error('there is no UPO');
    path.emulator.control.addFault({
      operation: UPO,
      times: 40,
      status: 200,
      contentType: 'application/xml',
      body: strange.xml.toString(),
    });
    const sent = await accepted(path, BATCH);
    await path.rest(3 * HOUR_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: BATCH, others: [] });
    for (const { upoAvailable } of await invoicesIn(path, sent.ids)) expect(upoAvailable).toBe(true);
  });

  it('KSeF cancels one twice (550): it is sent a third time', async () => {
    const path = await newPath();
    await path.emulator.control.faults.enable('invoice-550', { invoiceNumbers: ['F/2'], times: 2 });
    const sent = await accepted(path, BATCH);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: BATCH, others: [] });
  });
});

describe('an invoice that KSeF calls a duplicate', () => {
  /** Neighbours are cleared; what became of the one, with KSeF's words. */
  async function oneAmong(path: VirtualPath, sent: Sent) {
    await path.rest(DAY_MS);
    const invoices = await invoicesIn(path, sent.ids);
    const [one] = invoices.filter(({ invoiceNumber }) => invoiceNumber === 'F/2');
    expect(invoices.filter(({ state }) => state === 'cleared').length).toBeGreaterThanOrEqual(BATCH - 1);
    const registered = path.emulator.control
      .registry()
      .filter(({ nip, number }) => nip === sent.nip && number === 'F/2');
    expect(registered).toHaveLength(1);
    return { one, registered: registered[0] };
  }

  async function duplicateNaming(
    whose: 'own' | 'foreign',
    set: Readonly<Record<string, unknown>>,
  ): Promise<Awaited<ReturnType<typeof oneAmong>>> {
    const path = await newPath([{ operation: FAILED, edit: { set } }]);
    await path.emulator.control.faults.enable(`duplicate-of-${whose}`, { invoiceNumbers: ['F/2'] });
    return await oneAmong(path, await accepted(path, BATCH));
  }

  const NUMBER = 'invoices.0.status.extensions.originalKsefNumber';
  const SESSION = 'invoices.0.status.extensions.originalSessionReferenceNumber';

  it("of somebody else's is rejected, and the number that stands is told", async () => {
    const { one, registered } = await duplicateNaming('foreign', {});
    expect(one).toMatchObject({
      state: 'rejected',
      verdict: { code: 440, originalKsefNumber: registered?.ksefNumber },
    });
  });

  it.each([
    ['no number', { [NUMBER]: null }],
    ['a number that is none', { [NUMBER]: '5265877635-20261116-000000000001-00' }],
    ['a wrong session', { [SESSION]: '20261116-SB-0000000000-0000000000-00' }],
    ['no session', { [SESSION]: null }],
  ])('of our own is cleared by its hash although KSeF names %s', async (_, set) => {
    const { one, registered } = await duplicateNaming('own', set);
    expect(one).toMatchObject({ state: 'cleared', ksefNumber: registered?.ksefNumber });
  });

  it('is held where KSeF names the number of another invoice, whoever owns that one', async () => {
    const path = await newPath();
    const earlier = await accepted(path, BATCH);
    await path.rest(HOUR_MS);
    const [another] = await invoicesIn(path, earlier.ids);
    const set = { [NUMBER]: another?.ksefNumber, [SESSION]: null };
    path.emulator.control.addFault({ operation: FAILED, edit: { set } });
    await path.emulator.control.faults.enable('duplicate-of-own', { invoiceNumbers: ['F/2'] });
    const { one } = await oneAmong(path, await accepted(path, BATCH));
    expect(one).toMatchObject({ state: 'held', holdCause: 'duplicate_unknown', verdict: { code: 440 } });
  });
});
