import { inflateRawSync } from 'node:zlib';
import type { AcceptCommand } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NUMBER_TAKEN } from '../src/index.ts';
import { after, call, laneOf, NOW, newNip, numbered, OTHER_NIP } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { allCleared, followed, putToken, UPO, VERDICT } from './support/walk.ts';
import { WAYS } from './support/ways.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

describe.each(WAYS)('accept, %s,', (_how, accept) => {
  it('keeps every invoice with its bytes and facts, in the order of the call', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const command = call(
      [
        {
          number: 'B/2',
          externalId: 'ext-1',
          content: `<Faktura>żółć ${nip}</Faktura>`,
          issueDate: '2026-10-19',
        },
        { number: 'A/1', hasAttachment: true },
      ],
      { nip },
    );
    const results = await accept(test.ledger, command);
    expect(results.map(({ kind, position }) => [kind, position])).toEqual([
      ['accepted', 0],
      ['accepted', 1],
    ]);
    const [first, second] = results.map((result) => (result.kind === 'accepted' ? result.id : ''));
    expect(first?.localeCompare(second ?? '')).toBe(-1);
    const record = await test.ledger.invoice(first ?? '', 'all');
    expect(record).toMatchObject({
      state: 'accepted',
      invoiceNumber: 'B/2',
      externalId: 'ext-1',
      issueDate: '2026-10-19',
      fileName: 'B/2.xml',
      grossAmount: '123.00',
      buyerNip: OTHER_NIP,
      notBefore: new Date('2026-10-18T22:01:00.000Z'),
      acceptedAt: NOW,
      ksefNumber: null,
    });
    const stored = await test.ledger.payload(first ?? '', 'all');
    expect(inflateRawSync(stored?.deflated ?? Buffer.alloc(0)).toString()).toBe(
      `<Faktura>żółć ${nip}</Faktura>`,
    );
  });

  it('answers the invoice already there for the same bytes, in one call and in the next', async () => {
    const nip = newNip();
    const command = call([{ number: '1' }, { number: '2' }, { number: '1' }], { nip });
    const [one, , again] = await accept(test.ledger, command);
    expect(again).toMatchObject({ kind: 'existing', id: one?.kind === 'accepted' ? one.id : '' });
    const next = await accept(test.ledger, call([{ number: '2' }, { number: '1' }], { nip }));
    expect(next.map(({ kind }) => kind)).toEqual(['existing', 'existing']);
    const { rows } = await test.pool.query('SELECT FROM invoices WHERE nip = $1', [nip]);
    expect(rows).toHaveLength(2);
  });

  it('refuses other bytes under the same issuer, kind and number, and names the earlier invoice', async () => {
    const nip = newNip();
    const [one] = await accept(test.ledger, call([{ number: '7' }], { nip }));
    const command = call(
      [
        { number: '7', content: '<other/>' },
        { number: '7', kind: 'KOR' },
      ],
      { nip },
    );
    const [conflict, correction] = await accept(test.ledger, command);
    expect(conflict).toEqual({
      position: 0,
      kind: 'conflict',
      earlier: { id: one?.kind === 'accepted' ? one.id : '', state: 'held', ksefNumber: null },
    });
    expect(correction?.kind).toBe('accepted');
    expect(await report(command)).toMatchObject([
      { state: 'refused', invoiceId: null, invoiceNumber: '7', errors: [{ code: NUMBER_TAKEN.code }] },
      { state: 'held', invoiceNumber: '7' },
    ]);
  });

  it('within one call lets the first of two with the same number in', async () => {
    const nip = newNip();
    const results = await accept(
      test.ledger,
      call(
        [
          { number: '1', content: `one ${nip}` },
          { number: '1', content: `two ${nip}` },
          { number: '1', content: `one ${nip}` },
        ],
        { nip },
      ),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'conflict', 'existing']);
  });

  it("does not tell another seller's invoice", async () => {
    const issuerNip = newNip();
    await accept(test.ledger, call([{ number: '1', issuerNip }], { nip: newNip() }));
    const [sameBytes] = await accept(test.ledger, call([{ number: '1', issuerNip }], { nip: newNip() }));
    expect(sameBytes).toEqual({ position: 0, kind: 'conflict', earlier: null });
    const other = { number: '1', issuerNip, content: 'other' };
    const [otherBytes] = await accept(test.ledger, call([other], { nip: newNip() }));
    expect(otherBytes).toEqual({ position: 0, kind: 'conflict', earlier: null });
  });

  it('makes a new attempt of what was rejected or withdrawn, and only of that', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    const [cleared, rejected] = walk.command.invoices;
    await test.ledger.settleSession(
      walk.sessionId,
      [
        ...allCleared(walk, 100).filter(({ sha256 }) => sha256 === cleared?.sha256),
        { sha256: rejected?.sha256 ?? '', reference: null, outcome: { state: 'rejected', verdict: VERDICT } },
      ],
      UPO,
      after(600),
    );
    const again = await accept(test.ledger, call(numbered(2), { nip: walk.nip, now: after(1000) }));
    expect(again.map(({ kind }) => kind)).toEqual(['existing', 'accepted']);
    expect(again[0]).toMatchObject({ id: walk.ids[0], state: 'cleared' });
    const { items } = await test.ledger.invoicesPage(
      { nip: walk.nip, invoiceNumber: 'FV/2' },
      'all',
      null,
      10,
    );
    expect(items.map(({ state }) => state)).toEqual(['accepted', 'rejected']);
  });

  it('holds at once what cannot go: no credentials, login refused, login blocked', async () => {
    const nip = newNip();
    const hold = async (number: string): Promise<unknown> => {
      const [result] = await accept(test.ledger, call([{ number }], { nip }));
      if (result?.kind !== 'accepted') return undefined;
      const { holdCause, holdDetail } = (await test.ledger.invoice(result.id, 'all')) ?? {};
      return [holdCause, holdDetail];
    };
    expect(await hold('1')).toEqual(['no_credentials', null]);
    for (const [state, cause] of [
      ['refused', 'login_refused'],
      ['blocked', 'login_blocked'],
    ] as const) {
      await putToken(test.ledger, nip);
      expect(await hold(`ok ${state}`)).toEqual([null, null]);
      await test.ledger.beginLogin(nip, 'worker', NOW, 1000);
      await test.ledger.failLogin(nip, 'worker', state, 'no', NOW);
      expect(await hold(state)).toEqual([cause, 'no']);
    }
  });

  it('writes refusals down beside what was taken, and counts both', async () => {
    const nip = newNip();
    const command = call([{ number: '1' }], {
      nip,
      refused: [
        {
          position: 1,
          externalId: 'bad\u0000id',
          fileName: null,
          invoiceNumber: null,
          sha256: 'hash',
          errors: [{ code: 'NOT_XML', message: 'not \u0000 XML', line: 3 }],
        },
      ],
    });
    await accept(test.ledger, command);
    const submission = await test.ledger.submission(command.submissionId, 'all');
    expect(submission).toMatchObject({ total: 1, refused: 1, done: true, byState: { held: 1 } });
    expect(await report(command)).toMatchObject([
      { position: 0, state: 'held' },
      {
        position: 1,
        state: 'refused',
        externalId: 'bad\uFFFDid',
        errors: [{ code: 'NOT_XML', message: 'not \uFFFD XML', line: 3 }],
      },
    ]);
  });

  it('takes a call in which everything was refused', async () => {
    const refused = [
      { position: 0, externalId: null, fileName: null, invoiceNumber: '1', sha256: 'hash', errors: [] },
    ];
    const command = call([], { nip: newNip(), refused });
    expect(await accept(test.ledger, command)).toEqual([]);
    expect(await test.ledger.submission(command.submissionId, 'all')).toMatchObject({ total: 0, refused: 1 });
  });

  it('takes all or nothing', async () => {
    const nip = newNip();
    const broken = call([{ number: '1' }, { number: '2', issueDate: 'not a day' }], { nip });
    await expect(accept(test.ledger, broken)).rejects.toThrow();
    const { rows } = await test.pool.query('SELECT FROM invoices WHERE nip = $1', [nip]);
    expect(rows).toHaveLength(0);
    expect(await test.ledger.submission(broken.submissionId, 'all')).toBeNull();
  });
});

it('an invoice dated ahead waits for its day in Warsaw', async () => {
  const nip = newNip();
  await putToken(test.ledger, nip);
  await test.ledger.accept(call([{ number: '1', issueDate: '2026-10-21' }], { nip }));
  const begins = new Date('2026-10-20T22:01:00.000Z');
  const early = await test.ledger.claimLane(laneOf(nip), NOW, (waiting) => {
    expect(waiting).toMatchObject({
      count: 0,
      attachments: 0,
      corrections: 0,
      firstDueAt: null,
      nextBeginsAt: begins,
    });
    return { kind: 'wait', until: begins, why: 'neighbours' };
  });
  expect(early.sessions).toEqual([]);
  await test.ledger.claimLane(laneOf(nip), begins, (waiting) => {
    expect(waiting).toMatchObject({ count: 1, nextBeginsAt: null });
    return { kind: 'idle' };
  });
});

async function report(command: AcceptCommand): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of test.ledger.submissionReport(command.submissionId)) rows.push(row);
  return rows;
}
