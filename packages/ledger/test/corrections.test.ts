import { createHash } from 'node:crypto';
import { type AcceptCommand, type AcceptResult, type KsefVerdict, planDispatch } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, type InvoiceWish, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { clearedBy, putToken, VERDICT } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const OFFLINE: Partial<AcceptCommand> = { mode: 'offline' };

async function accept(
  nip: string,
  wish: InvoiceWish,
  correctionOf?: string,
  more = OFFLINE,
): Promise<AcceptResult> {
  const command = call([wish], { nip, ...more });
  const invoices = command.invoices.map((invoice) => ({ ...invoice, correctionOf: correctionOf ?? null }));
  const [result] = await test.ledger.accept({ ...command, invoices });
  if (result === undefined) throw new Error('no result');
  return result;
}

function idOf(result: AcceptResult): string {
  if (result.kind !== 'accepted') throw new Error(`it was not accepted: ${JSON.stringify(result)}`);
  return result.id;
}

async function hashOf(id: string): Promise<string> {
  return (await test.ledger.invoice(id, 'all'))?.sha256 ?? '';
}

/** Sends what waits in the offline lane and settles it: cleared, or rejected with the verdict. */
async function settled(
  nip: string,
  verdict?: KsefVerdict,
  mode: 'online' | 'offline' = 'offline',
): Promise<void> {
  const { ledger } = test;
  const { sessions } = await ledger.claimLane({ ...laneOf(nip), mode }, NOW, (waiting, room) =>
    planDispatch(NOW, waiting, room),
  );
  for (const { id } of sessions) {
    const session = await ledger.acquireSession(id, 'w', NOW, 16_000);
    const credential = await ledger.credentialOf(nip);
    const fence = session?.fence ?? 0;
    const opened = {
      reference: `ref-${id}`,
      credentialId: credential?.id ?? '',
      openedAt: NOW,
      usableUntil: after(60_000),
    };
    await ledger.recordOpened(id, fence, { ...opened, package: null, parts: [] });
    await ledger.recordClosing(id, fence, NOW);
    await ledger.recordClosed(id, fence, NOW);
    const members = await ledger.members(id);
    const settlements = members.map(({ sha256 }, index) =>
      verdict === undefined
        ? clearedBy(sha256, index, nip)
        : { sha256, reference: null, outcome: { state: 'rejected' as const, verdict } },
    );
    await ledger.settleSession(id, settlements, [], after(500));
  }
}

/** A seller with an offline invoice that KSeF refused. */
async function refused(): Promise<{ nip: string; id: string; sha256: string }> {
  const nip = newNip();
  await putToken(test.ledger, nip);
  const id = idOf(await accept(nip, { number: 'FV/1', content: `bad ${nip}` }));
  await settled(nip, VERDICT);
  return { nip, id, sha256: await hashOf(id) };
}

describe('a technical correction', () => {
  it.each(['id', 'hash'])('is taken of an offline invoice that KSeF refused, named by its %s', async (by) => {
    const { nip, id, sha256 } = await refused();
    const corrected = await accept(nip, { number: 'FV/1' }, by === 'id' ? id : sha256);
    expect(corrected).toMatchObject({ kind: 'accepted', state: 'accepted' });
    expect(await test.ledger.invoice(idOf(corrected), 'all')).toMatchObject({ correctedSha256: sha256 });
  });

  it('is taken of an invoice that only KSeF knows, by its hash', async () => {
    const nip = newNip();
    const sha256 = createHash('sha256').update(`elsewhere ${nip}`).digest('base64');
    const corrected = await accept(nip, { number: 'FV/1' }, sha256);
    expect(await test.ledger.invoice(idOf(corrected), 'all')).toMatchObject({ correctedSha256: sha256 });
  });

  it('of a correction names the first invoice of all, whose code the buyer has', async () => {
    const { nip, id, sha256 } = await refused();
    const second = idOf(await accept(nip, { number: 'FV/1', content: `still bad ${nip}` }, id));
    await settled(nip, VERDICT);
    const third = idOf(await accept(nip, { number: 'FV/1' }, second));
    expect(await test.ledger.invoice(third, 'all')).toMatchObject({ correctedSha256: sha256 });
  });

  it('goes interactively by itself, beside a batch of its neighbours, and tells what it corrects', async () => {
    const { nip, id, sha256 } = await refused();
    await accept(nip, { number: 'FV/1', hasAttachment: true }, id);
    await test.ledger.accept(call(numbered(6, 'N'), { nip, ...OFFLINE }));
    await test.ledger.recordConsent(nip, 'granted', NOW, after(60_000));
    const { sessions } = await test.ledger.claimLane(
      { ...laneOf(nip), mode: 'offline' },
      NOW,
      (waiting, room) => planDispatch(NOW, waiting, room),
    );
    expect(sessions.map(({ kind, invoices }) => [kind, invoices])).toEqual([
      ['batch', 6],
      ['interactive', 1],
    ]);
    const members = await Promise.all(sessions.map((session) => test.ledger.members(session.id)));
    expect(members.map((each) => each[0]?.correctedSha256)).toEqual([null, sha256]);
  });

  it('is answered by itself when it comes again, and no other is taken until it is refused', async () => {
    const { nip, id } = await refused();
    const first = await accept(nip, { number: 'FV/1' }, id);
    const again = await accept(nip, { number: 'FV/1' }, id);
    expect(again).toMatchObject({ kind: 'existing', id: idOf(first) });
    const other = { number: 'FV/2', content: `other ${nip}` };
    expect(await accept(nip, other, id)).toMatchObject({ kind: 'uncorrectable', code: 'CORRECTION_TAKEN' });
    await settled(nip, VERDICT);
    expect(await accept(nip, other, id)).toMatchObject({ kind: 'accepted' });
    await settled(nip);
    const late = { number: 'FV/3', content: `late ${nip}` };
    expect(await accept(nip, late, id)).toMatchObject({ kind: 'uncorrectable', code: 'CORRECTION_TAKEN' });
  });

  it('is one of two of the same call', async () => {
    const { nip, id } = await refused();
    const command = call([{ number: 'A' }, { number: 'B' }], { nip, ...OFFLINE });
    const invoices = command.invoices.map((invoice) => ({ ...invoice, correctionOf: id }));
    const results = await test.ledger.accept({ ...command, invoices });
    expect(results).toMatchObject([
      { kind: 'accepted' },
      { kind: 'uncorrectable', code: 'CORRECTION_TAKEN' },
    ]);
    const rows = [];
    for await (const row of test.ledger.submissionReport(command.submissionId)) rows.push(row);
    expect(rows).toMatchObject([{ state: 'accepted' }, { state: 'refused' }]);
  });

  it('is refused with its reason where KSeF would not have it', async () => {
    const { nip, id } = await refused();
    const wish = { number: 'FV/1' };
    const code = async (...asked: Parameters<typeof accept>) => {
      const result = await accept(...asked);
      return result.kind === 'uncorrectable' ? result.code : result.kind;
    };
    expect(await code(nip, wish, id, { mode: 'online' })).toBe('CORRECTION_NOT_OFFLINE');
    expect(await code(nip, wish, '0190a0a0-0000-7000-8000-000000000000')).toBe('CORRECTION_UNKNOWN');
    expect(await code(newNip(), wish, id)).toBe('CORRECTION_UNKNOWN');
    expect(await code(nip, { ...wish, issuerNip: newNip() }, id)).toBe('CORRECTION_OTHER_SELLER');
    expect(await code(nip, { ...wish, content: `bad ${nip}` }, id)).toBe('CORRECTION_UNCHANGED');
    const waiting = idOf(await accept(nip, { number: 'W' }));
    expect(await code(nip, wish, waiting)).toBe('CORRECTION_NOT_REJECTED');
    await settled(nip);
    expect(await code(nip, wish, waiting)).toBe('CORRECTION_NOT_REJECTED');
    const online = idOf(await accept(nip, { number: 'O' }, undefined, { mode: 'online' }));
    await settled(nip, VERDICT, 'online');
    expect(await code(nip, wish, online)).toBe('CORRECTION_NOT_OFFLINE');
  });

  it('never comes to correct something else', async () => {
    const { nip, id } = await refused();
    const corrected = idOf(await accept(nip, { number: 'FV/1' }, id));
    await expect(
      test.pool.query('UPDATE invoices SET corrected_sha256 = NULL WHERE id = $1', [corrected]),
    ).rejects.toThrow(/what an invoice corrects never changes/);
  });

  it('that KSeF will not have at all ends with its words, and leaves a session with nothing in it', async () => {
    const { nip, id } = await refused();
    const corrected = idOf(await accept(nip, { number: 'FV/1' }, id));
    const { ledger } = test;
    const { sessions } = await ledger.claimLane({ ...laneOf(nip), mode: 'offline' }, NOW, (waiting, room) =>
      planDispatch(NOW, waiting, room),
    );
    const [{ id: sessionId = '' } = {}] = sessions;
    const { fence = 0 } = (await ledger.acquireSession(sessionId, 'w', NOW, 16_000)) ?? {};
    const credentialId = (await ledger.credentialOf(nip))?.id ?? '';
    const opened = { reference: `ref-${sessionId}`, credentialId, openedAt: NOW, usableUntil: after(60_000) };
    await ledger.recordOpened(sessionId, fence, { ...opened, package: null, parts: [] });
    await ledger.recordInvoiceIntent(sessionId, fence, 1, NOW);
    const verdict = { code: 21167, description: 'Status faktury nie pozwala', details: ['przyjęta'] };
    await ledger.recordInvoiceRefused(sessionId, fence, 1, { outcome: 'rejected', verdict }, after(100));
    expect(await ledger.invoice(corrected, 'all')).toMatchObject({ state: 'rejected', verdict });
    expect(await ledger.session(sessionId, 'all')).toMatchObject({ rejected: 1 });
    expect(await ledger.abandonSession(sessionId, fence, 'nothing in it', after(200))).toBe(true);
    expect((await ledger.invoice(corrected, 'all'))?.state).toBe('rejected');
  });
});

it.each(['held', 'again'] as const)(
  'an invoice refused alone (%s) keeps the words of KSeF',
  async (outcome) => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const id = idOf(await accept(nip, { number: 'FV/1' }, undefined, { mode: 'online' }));
    const { ledger } = test;
    const { sessions } = await ledger.claimLane(laneOf(nip), NOW, (waiting, room) =>
      planDispatch(NOW, waiting, room),
    );
    const [{ id: sessionId = '' } = {}] = sessions;
    const { fence = 0 } = (await ledger.acquireSession(sessionId, 'w', NOW, 16_000)) ?? {};
    const credentialId = (await ledger.credentialOf(nip))?.id ?? '';
    const opened = { reference: `ref-${sessionId}`, credentialId, openedAt: NOW, usableUntil: after(60_000) };
    await ledger.recordOpened(sessionId, fence, { ...opened, package: null, parts: [] });
    await ledger.recordInvoiceIntent(sessionId, fence, 1, NOW);
    const verdict = { code: 21405, description: 'Błąd walidacji', details: ['pole X'] };
    for (const _ of ['told', 'told again after a crash'])
      await ledger.recordInvoiceRefused(sessionId, fence, 1, { outcome, verdict }, after(100));
    const state = outcome === 'held' ? 'held' : 'accepted';
    expect(await ledger.invoice(id, 'all')).toMatchObject({ state, verdict });
    expect(await ledger.session(sessionId, 'all')).toMatchObject({ [outcome]: 1 });
    expect(await ledger.members(sessionId)).toMatchObject([{ intentAt: null, refusedAt: after(100) }]);
    expect(await ledger.abandonSession(sessionId, fence, 'nothing in it', after(200))).toBe(true);
    expect(await ledger.invoice(id, 'all')).toMatchObject({ state, verdict });
  },
);

it('an invoice sent as online that comes back as offline is counted, and told in its timeline', async () => {
  const nip = newNip();
  await putToken(test.ledger, nip);
  const id = idOf(await accept(nip, { number: 'FV/1' }, undefined, { mode: 'online' }));
  const { sessions } = await test.ledger.claimLane(laneOf(nip), NOW, (waiting, room) =>
    planDispatch(NOW, waiting, room),
  );
  const [{ id: sessionId = '' } = {}] = sessions;
  const { fence = 0 } = (await test.ledger.acquireSession(sessionId, 'w', NOW, 16_000)) ?? {};
  const credentialId = (await test.ledger.credentialOf(nip))?.id ?? '';
  const opened = { reference: `ref-${sessionId}`, credentialId, openedAt: NOW, usableUntil: after(60_000) };
  await test.ledger.recordOpened(sessionId, fence, { ...opened, package: null, parts: [] });
  await test.ledger.recordClosing(sessionId, fence, NOW);
  await test.ledger.recordClosed(sessionId, fence, NOW);
  const good = clearedBy(await hashOf(id), 77, nip);
  if (good.outcome.state !== 'cleared') throw new Error('it is cleared');
  const settlement = { ...good, outcome: { ...good.outcome, invoicingMode: 'Offline' } };
  const first = await test.ledger.settleSession(sessionId, [settlement], [], after(500));
  const again = await test.ledger.settleSession(sessionId, [settlement], [], after(600));
  expect([first.markedOffline, again.markedOffline]).toEqual([1, 0]);
  const record = await test.ledger.invoice(id, 'all');
  if (record === null) throw new Error('it is not there');
  expect((await test.ledger.timeline(record)).map(({ type }) => type)).toContain('invoice.markedOffline');
});
