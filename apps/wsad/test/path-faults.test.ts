import type { FaultRequest } from '@wsad/emulator';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { registerElsewhere } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoiceOf, invoicesOf, newSeller } from './support/sellers.ts';
import { describeOn, describeOnBoth } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

const page = { body: '<html><body>The service is unavailable</body></html>' };
const OPEN = 'POST /sessions/batch';
const UPLOAD = 'PUT /storage/{session}/{part}';
const CLOSE = 'POST /sessions/batch/{referenceNumber}/close';
const STATUS = 'GET /sessions/{referenceNumber}';
const UPO = 'GET /storage/upo/{session}/{page}';
const OPEN_ONLINE = 'POST /sessions/online';
const SEND = 'POST /sessions/online/{referenceNumber}/invoices';
const CLOSE_ONLINE = 'POST /sessions/online/{referenceNumber}/close';
const unknownSession = {
  exception: {
    exceptionDetailList: [{ exceptionCode: 21173, exceptionDescription: 'Brak sesji.', details: [] }],
    timestamp: '2026-11-16T10:00:00Z',
  },
};

interface Trouble {
  readonly what: string;
  readonly faults: readonly FaultRequest[];
  /** How often these were called until all was cleared. */
  readonly calls: Readonly<Record<string, number>>;
}

const inBatch: readonly Trouble[] = [
  {
    what: 'opening answers 502 with a page',
    faults: [{ operation: OPEN, status: 502, ...page }],
    calls: { [OPEN]: 2, [CLOSE]: 1 },
  },
  {
    what: 'opening works, but its answer is lost',
    faults: [{ operation: OPEN, afterEffect: true, drop: true }],
    calls: { [OPEN]: 2, [CLOSE]: 1 },
  },
  {
    what: 'uploading answers 200 with a page',
    faults: [{ operation: UPLOAD, status: 200, ...page }],
    calls: { [OPEN]: 1, [UPLOAD]: 2, [CLOSE]: 1 },
  },
  {
    what: 'uploading is cut off',
    faults: [{ operation: UPLOAD, drop: true }],
    calls: { [OPEN]: 1, [UPLOAD]: 2, [CLOSE]: 1 },
  },
  {
    what: 'closing answers 503 although it worked',
    faults: [{ operation: CLOSE, status: 503, afterEffect: true, ...page }],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'closing works, but its answer is lost',
    faults: [{ operation: CLOSE, afterEffect: true, drop: true }],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'closing works, but answers that there is no such session',
    faults: [{ operation: CLOSE, status: 400, afterEffect: true, body: unknownSession }],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'closing answers 503 because it did not work',
    faults: [{ operation: CLOSE, status: 503, ...page }],
    calls: { [OPEN]: 1, [CLOSE]: 2 },
  },
  {
    what: 'the address of the UPO answers with a page, twice',
    faults: [{ operation: UPO, status: 200, times: 2, ...page }],
    calls: { [OPEN]: 1, [CLOSE]: 1, [UPO]: 3 },
  },
  {
    what: 'the status answers 502, twice',
    faults: [{ operation: STATUS, status: 502, times: 2, ...page }],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'the status is sent in a circle by a firewall',
    faults: [{ operation: STATUS, status: 307, headers: { location: '/v2/sessions' }, ...page }],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
  {
    what: 'logging in fails half way, twice',
    faults: [
      { operation: 'POST /auth/challenge', status: 503, ...page },
      { operation: 'POST /auth/token/redeem', afterEffect: true, drop: true },
    ],
    calls: { [OPEN]: 1, [CLOSE]: 1 },
  },
];

const interactively: readonly Trouble[] = [
  {
    what: 'opening works, but its answer is lost',
    faults: [{ operation: OPEN_ONLINE, afterEffect: true, drop: true }],
    calls: { [OPEN_ONLINE]: 2, [SEND]: 3 },
  },
  {
    what: 'sending an invoice works, but its answer is lost',
    faults: [{ operation: SEND, afterEffect: true, drop: true }],
    calls: { [OPEN_ONLINE]: 1, [SEND]: 3, [CLOSE_ONLINE]: 1 },
  },
  {
    what: 'sending an invoice answers 502 although it worked',
    faults: [{ operation: SEND, status: 502, afterEffect: true, ...page }],
    calls: { [OPEN_ONLINE]: 1, [SEND]: 3, [CLOSE_ONLINE]: 1 },
  },
  {
    what: 'sending an invoice is cut off before it worked',
    faults: [{ operation: SEND, drop: true }],
    calls: { [OPEN_ONLINE]: 2, [SEND]: 4, [CLOSE_ONLINE]: 2 },
  },
  {
    what: 'sending every invoice is cut off before it worked',
    faults: [{ operation: SEND, drop: true, times: 3 }],
    calls: { [OPEN_ONLINE]: 2, [SEND]: 6, [CLOSE_ONLINE]: 2 },
  },
  {
    what: 'closing works, but its answer is lost',
    faults: [{ operation: CLOSE_ONLINE, afterEffect: true, drop: true }],
    calls: { [OPEN_ONLINE]: 1, [SEND]: 3, [CLOSE_ONLINE]: 1 },
  },
  {
    what: 'closing answers 503 because it did not work',
    faults: [{ operation: CLOSE_ONLINE, status: 503, ...page }],
    calls: { [OPEN_ONLINE]: 1, [SEND]: 3, [CLOSE_ONLINE]: 2 },
  },
];

/** So long, in wsad's time, invoices that go again are left alone first; the tests do not wait for it. */
const BEFORE_GOING_AGAIN_MS = 5_000;

interface Suite {
  readonly system: () => System;
  /** Clears so many invoices of a new seller in spite of the faults, which must cost exactly these calls. */
  clear(count: number, faults: Trouble['faults'], calls: Trouble['calls']): Promise<void>;
}

function prepare(queue: QueueKind): Suite {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, lingerMs: 20, wire });
    system.onEvent((event) => {
      const again = event.type === 'session.settled' && event.again > 0;
      if (again || event.type === 'session.failed') system.advance(BEFORE_GOING_AGAIN_MS);
    });
  });
  afterEach(() => system.emulator.control.clearFaults());
  afterAll(() => system.close());
  return {
    system: () => system,
    async clear(count, faults, calls) {
      const { api, emulator } = system;
      const nip = newSeller();
      const entries = invoicesOf(nip, count, 'FV');
      const before = emulator.control.calls();
      for (const fault of faults) emulator.control.addFault(fault);
      await api.putToken(nip);
      const { submissionId } = await api.submit(nip, entries);
      expect((await api.atRest(submissionId)).byState).toEqual({ cleared: count });
      await expectRegisteredOnce(system, nip, entries);
      expect(emulator.control.stats().rateLimited).toBe(0);
      const after = emulator.control.calls();
      const made = Object.keys(calls).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]);
      expect(Object.fromEntries(made)).toEqual(calls);
    },
  };
}

describeOnBoth('a batch', (queue) => {
  const { system, clear } = prepare(queue);

  it.each(inBatch)('is cleared once although $what', ({ faults, calls }) => clear(6, faults, calls));

  it('is cleared with new keys where the old were withdrawn before opening', async () => {
    await clear(6, [], {});
    await system().emulator.control.rotateKeys({ emergency: true });
    await clear(6, [], { [CLOSE]: 1 });
  });

  it('goes again under a new key where the old was withdrawn after opening', async () => {
    const { emulator, onEvent } = system();
    let rotated = false;
    onEvent(({ type }) => {
      if (type !== 'session.opened' || rotated) return;
      rotated = true;
      void emulator.control.rotateKeys({ emergency: true });
    });
    // Making new keys takes a moment; the upload takes longer, so that closing comes after them.
    await clear(6, [{ operation: UPLOAD, delayMs: 4_000 }], { [CLOSE]: 2 });
  });

  it('tells its refused ones although the list of them answers 502 first', async () => {
    const { api, emulator } = system();
    const nip = newSeller();
    await registerElsewhere(system(), nip, invoiceOf(nip, 'TAKEN', { seed: 5 }).xml);
    const operation = 'GET /sessions/{referenceNumber}/invoices/failed';
    emulator.control.addFault({ operation, status: 502, ...page });
    await api.putToken(nip);
    const entries = [invoiceOf(nip, 'TAKEN'), ...invoicesOf(nip, 6, 'FV')];
    const { submissionId } = await api.submit(nip, entries);
    expect((await api.atRest(submissionId)).byState).toEqual({ rejected: 1, cleared: 6 });
  });
});

describeOn('postgres', 'invoices sent interactively', (queue) => {
  const { clear } = prepare(queue);

  it.each(interactively)('are cleared once although $what', ({ faults, calls }) => clear(3, faults, calls));
});

describeWire(wire);
