import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, ksefNumber, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, followed, putToken, UPO, VERDICT } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const NOBODY = '00000000-0000-7000-8000-000000000000';

describe('a submission', () => {
  it('tells its states, its sessions and whether it is done', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(3));
    const { submissionId } = walk.command;
    expect(await test.ledger.submission(submissionId, [walk.nip])).toEqual({
      id: submissionId,
      nip: walk.nip,
      mode: 'online',
      createdAt: NOW,
      total: 3,
      refused: 0,
      byState: { processing: 3 },
      done: false,
      sessions: [
        {
          id: walk.sessionId,
          kind: 'batch',
          state: 'closed',
          reference: `ref-${walk.sessionId}`,
          invoices: 3,
        },
      ],
    });
  });

  it('reports every invoice in the order of the call, over pages', async () => {
    const nip = newNip();
    await test.ledger.accept(call([{ number: 'FV/7' }], { nip }));
    const refused = [1500, 1501].map((position) => ({
      position,
      externalId: null,
      fileName: 'bad.xml',
      invoiceNumber: null,
      sha256: 'x',
      errors: [],
    }));
    const command = call(numbered(1500), { nip, refused });
    await test.ledger.accept(command);
    const rows = [];
    for await (const row of test.ledger.submissionReport(command.submissionId)) rows.push(row);
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 1502 }, (_, index) => index));
    expect(rows[6]).toMatchObject({ repeated: true, invoiceNumber: 'FV/7', fileName: 'FV/7.xml' });
    expect(rows[1501]).toMatchObject({ state: 'refused', invoiceId: null, fileName: 'bad.xml' });
  });
});

describe('invoices', () => {
  it('come in pages, newest first, by seller, state, number and KSeF number', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(5));
    const rejected = walk.command.invoices[4]?.sha256 ?? '';
    await test.ledger.settleSession(
      walk.sessionId,
      [
        ...allCleared(walk, 100).slice(0, 4),
        { sha256: rejected, reference: null, outcome: { state: 'rejected', verdict: VERDICT } },
      ],
      UPO,
      after(900),
    );
    const { nip } = walk;
    const newest = [...walk.ids].reverse();
    const first = await test.ledger.invoicesPage({ nip }, 'all', null, 2);
    expect(first.items.map(({ id }) => id)).toEqual(newest.slice(0, 2));
    const second = await test.ledger.invoicesPage({ nip }, 'all', first.nextCursor, 3);
    expect(second.items.map(({ id }) => id)).toEqual(newest.slice(2));
    expect(second.nextCursor).toBeNull();
    const ids = async (filter: Parameters<typeof test.ledger.invoicesPage>[0]) =>
      (await test.ledger.invoicesPage(filter, [nip], null, 10)).items.map(({ id }) => id);
    expect(await ids({ state: 'cleared' })).toEqual(newest.slice(1));
    expect(await ids({ state: 'rejected' })).toEqual(newest.slice(0, 1));
    expect(await ids({ state: 'held' })).toEqual([]);
    expect(await ids({ invoiceNumber: 'FV/5' })).toEqual(newest.slice(0, 1));
    expect(await ids({ invoiceNumber: 'FV/1', state: 'cleared' })).toEqual(newest.slice(4));
    expect(await ids({ ksefNumber: ksefNumber(101, nip) })).toEqual(newest.slice(3, 4));
    expect(await ids({ ksefNumber: 'nonsense' })).toEqual([]);
  });

  it('tell their whole story', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 200), UPO, after(900));
    const record = await test.ledger.invoice(walk.ids[0] ?? '', 'all');
    if (record === null) throw new Error('no record');
    const timeline = await test.ledger.timeline(record);
    expect(timeline.map(({ type }) => type)).toEqual([
      'submission.accepted',
      'session.claimed',
      'session.opened',
      'session.closing',
      'session.closed',
      'session.settled',
      'invoice.cleared',
    ]);
    expect(timeline.at(-1)).toMatchObject({
      at: after(900),
      detail: { ksefNumber: ksefNumber(200, walk.nip) },
    });
  });

  it('cost few events, however many they are', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(400));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 10_000), UPO, after(900));
    const { rows } = await test.pool.query('SELECT FROM events WHERE nip = $1', [walk.nip]);
    expect(rows.length).toBeLessThan(10);
  });
});

describe('nobody sees', () => {
  it("another seller's data", async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 300), UPO, after(900));
    const [id = ''] = walk.ids;
    const strangers = [newNip()];
    for (const sellers of [strangers, []]) {
      expect(await test.ledger.submission(walk.command.submissionId, sellers)).toBeNull();
      expect(await test.ledger.invoice(id, sellers)).toBeNull();
      expect(await test.ledger.payload(id, sellers)).toBeNull();
      expect(await test.ledger.upo(id, sellers, 'session')).toBeNull();
      expect(await test.ledger.upo(id, sellers, 'invoice')).toBeNull();
      expect(await test.ledger.session(walk.sessionId, sellers)).toBeNull();
      expect((await test.ledger.invoicesPage({ nip: walk.nip }, sellers, null, 10)).items).toEqual([]);
      expect((await test.ledger.sessionsPage({ nip: walk.nip }, sellers, null, 10)).items).toEqual([]);
      expect((await test.ledger.sellersPage(sellers, null, 10, NOW)).items).toEqual([]);
    }
  });

  it('anything under an id that is none', async () => {
    for (const id of [NOBODY, 'nonsense', '']) {
      expect(await test.ledger.submission(id, 'all')).toBeNull();
      expect(await test.ledger.invoice(id, 'all')).toBeNull();
      expect(await test.ledger.payload(id, 'all')).toBeNull();
      expect(await test.ledger.upo(id, 'all', 'session')).toBeNull();
      expect(await test.ledger.session(id, 'all')).toBeNull();
    }
    expect(await test.ledger.sellerStatus('0000000000', NOW)).toBeNull();
  });
});

describe('sessions', () => {
  it('come in pages, newest first, with parts, receipts and events in detail', async () => {
    const nip = newNip();
    const one = await followed(test.ledger, nip, numbered(1, 'A'));
    const two = await followed(test.ledger, nip, numbered(2, 'B'));
    await test.ledger.settleSession(two.sessionId, allCleared(two, 400), UPO, after(900));
    const page = await test.ledger.sessionsPage({ nip }, 'all', null, 1);
    expect(page.items).toHaveLength(1);
    const next = await test.ledger.sessionsPage({ nip }, 'all', page.nextCursor, 1);
    expect([...page.items, ...next.items].map(({ id }) => id).sort()).toEqual(
      [one.sessionId, two.sessionId].sort(),
    );
    const settled = await test.ledger.sessionsPage({ nip, state: 'settled' }, 'all', null, 10);
    expect(settled.items.map(({ id, cleared, parts }) => [id, cleared, parts])).toEqual([
      [two.sessionId, 2, 2],
    ]);
    expect(await test.ledger.session(two.sessionId, [nip])).toMatchObject({
      packageBytes: 1000,
      partList: [{ ordinal: 1, sizeBytes: 500 }, { ordinal: 2 }],
      receipts: [{ page: 1, reference: 'upo-1', sha256: 'upo-hash' }],
    });
  });
});

describe('the status of a seller', () => {
  it('tells login, connection, what is pending and when it goes on', async () => {
    const nip = newNip();
    await test.ledger.accept(call(numbered(2), { nip, dueAt: after(250) }));
    expect(await test.ledger.sellerStatus(nip, NOW)).toMatchObject({
      credentials: 'none',
      authentication: { state: 'none', method: null, validUntil: null, permissions: null, lastError: null },
      connection: { state: 'up' },
      pending: 0,
      held: 2,
      nextDispatchAt: null,
      paused: false,
      systemPaused: false,
    });
    await putToken(test.ledger, nip);
    await test.ledger.accept(call(numbered(1, 'L'), { nip, now: NOW, dueAt: after(250) }));
    await test.pool.query('UPDATE invoices SET due_at = $2 WHERE nip = $1', [nip, after(250)]);
    expect(await test.ledger.sellerStatus(nip, NOW)).toMatchObject({
      pending: 3,
      held: 0,
      nextDispatchAt: after(250),
    });
    await test.ledger.accept(call(numbered(5, 'M'), { nip }));
    expect(await test.ledger.sellerStatus(nip, NOW)).toMatchObject({ pending: 8, nextDispatchAt: NOW });
    await test.ledger.pauseSeller(nip, 'anna', NOW);
    expect(await test.ledger.sellerStatus(nip, NOW)).toMatchObject({ paused: true, nextDispatchAt: null });
  });

  it('follows the login through its life', async () => {
    const nip = newNip();
    const state = async (now = NOW) => (await test.ledger.sellerStatus(nip, now))?.authentication.state;
    await putToken(test.ledger, nip);
    expect(await state()).toBe('none');
    await test.ledger.beginLogin(nip, 'w', NOW, 1000);
    expect(await state()).toBe('opening');
    expect(await state(after(1000))).toBe('none');
    const credential = await test.ledger.credentialOf(nip);
    const tokens = {
      accessToken: 'a',
      accessUntil: after(900_000),
      refreshToken: 'r',
      refreshUntil: after(7_000_000),
      permissions: ['InvoiceWrite'],
    };
    await test.ledger.finishLogin(nip, 'w', credential?.id ?? '', 'ksefToken', tokens, NOW);
    expect((await test.ledger.sellerStatus(nip, NOW))?.authentication).toMatchObject({
      state: 'active',
      validUntil: after(7_000_000),
      permissions: ['InvoiceWrite'],
    });
    expect(await state(after(7_000_000))).toBe('expired');
    const text = JSON.stringify(await test.ledger.sellerStatus(nip, NOW));
    expect(text).not.toContain('token-of');
  });

  it('is listed with the others by NIP', async () => {
    const nips = [newNip(), newNip(), newNip()];
    for (const nip of nips) await putToken(test.ledger, nip);
    const first = await test.ledger.sellersPage(nips, null, 2, NOW);
    const second = await test.ledger.sellersPage(nips, first.nextCursor, 2, NOW);
    expect([...first.items, ...second.items].map(({ nip }) => nip)).toEqual(nips);
    expect(second.nextCursor).toBeNull();
  });
});

it('metrics count what is under way, and totals', async () => {
  const mine = await testLedger();
  try {
    const walk = await followed(mine.ledger, newNip(), numbered(2));
    await accepted(mine.ledger, newNip(), numbered(3));
    await mine.ledger.settleSession(walk.sessionId, allCleared(walk, 500).slice(0, 1), UPO, after(900));
    expect(await mine.ledger.metrics(after(1000))).toEqual({
      openInvoices: { accepted: 3, processing: 1 },
      openSessions: { closed: 1 },
      oldestDueAt: NOW,
      totals: { accepted: 5, refused: 0, cleared: 1, rejected: 0, withdrawn: 0, rateLimited: 0 },
    });
  } finally {
    await mine.close();
  }
});
