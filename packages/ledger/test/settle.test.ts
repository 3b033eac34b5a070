import { type InvoiceSettlement, SENDING_ATTEMPTS_MAX } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransitionRefused } from '../src/index.ts';
import { after, ksefNumber, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  allCleared,
  claimed,
  clearedAs,
  clearedBy,
  closed,
  closing,
  followed,
  opened,
  type SessionWalk,
  statesOf,
  UPO,
  VERDICT,
} from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

let serial = 0;
/** KSeF numbers are one of a kind: each test takes its own. */
function numbers(): number {
  serial += 1000;
  return serial;
}

function hashOf(walk: SessionWalk, index: number): string {
  return walk.command.invoices[index]?.sha256 ?? '';
}

function settle(walk: SessionWalk, settlements: readonly InvoiceSettlement[], receipts = UPO) {
  return test.ledger.settleSession(walk.sessionId, settlements, receipts, after(900));
}

describe('settleSession', () => {
  it('gives every invoice its own verdict in one transaction', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(5));
    const [, rejected, held, again, working] = walk.command.invoices.map(({ sha256 }) => sha256);
    const consent = { code: 415, description: 'Brak zgody', details: [] };
    const cancelled = { code: 550, description: 'Anulowano', details: [] };
    const counts = await settle(walk, [
      ...allCleared(walk, numbers()).slice(0, 1),
      { sha256: rejected ?? '', reference: 'r-1', outcome: { state: 'rejected', verdict: VERDICT } },
      {
        sha256: held ?? '',
        reference: 'r-2',
        outcome: { state: 'held', cause: 'attachment_consent', verdict: consent },
      },
      { sha256: again ?? '', reference: 'r-3', outcome: { state: 'again', verdict: cancelled } },
    ]);
    expect(counts).toEqual({ cleared: 1, rejected: 1, held: 1, again: 1, markedOffline: 0 });
    expect(await statesOf(walk)).toEqual(['cleared', 'rejected', 'held', 'accepted', 'processing']);
    const records = await Promise.all(walk.ids.map((id) => test.ledger.invoice(id, 'all')));
    expect(records[1]).toMatchObject({ verdict: VERDICT, settledAt: after(900), ksefNumber: null });
    expect(records[2]).toMatchObject({ holdCause: 'attachment_consent', holdDetail: 'Brak zgody' });
    expect(records[3]).toMatchObject({
      attempts: 1,
      sessionId: null,
      notBefore: after(5900),
      verdict: cancelled,
    });
    const detail = await test.ledger.session(walk.sessionId, 'all');
    expect(detail).toMatchObject({ state: 'closed', cleared: 1, rejected: 1, held: 1, again: 1 });
    await settle(walk, [clearedBy(working ?? '', numbers(), walk.nip)]);
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'settled', cleared: 2 });
  });

  it('said again changes nothing', async () => {
    const walk = await followed(test.ledger, newNip());
    const settlements = allCleared(walk, numbers());
    await settle(walk, settlements);
    const before = await test.ledger.session(walk.sessionId, 'all');
    expect(await settle(walk, settlements)).toEqual({
      cleared: 0,
      rejected: 0,
      held: 0,
      again: 0,
      markedOffline: 0,
    });
    expect(await test.ledger.session(walk.sessionId, 'all')).toEqual(before);
  });

  it('by two pollers at once counts each invoice once', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(50));
    const settlements = allCleared(walk, numbers());
    const counts = await Promise.all([1, 2, 3].map(() => settle(walk, settlements)));
    expect(counts.reduce((sum, { cleared }) => sum + cleared, 0)).toBe(50);
    const detail = await test.ledger.session(walk.sessionId, 'all');
    expect(detail).toMatchObject({ cleared: 50, state: 'settled' });
    expect(detail?.events.filter(({ type }) => type === 'session.settled')).toHaveLength(1);
  });

  it('never changes a final invoice, whatever comes later', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    const from = numbers();
    await settle(walk, [
      clearedBy(hashOf(walk, 0), from, walk.nip),
      { sha256: hashOf(walk, 1), reference: null, outcome: { state: 'rejected', verdict: VERDICT } },
    ]);
    const before = await Promise.all(walk.ids.map((id) => test.ledger.invoice(id, 'all')));
    await settle(walk, [
      { sha256: hashOf(walk, 0), reference: 'x', outcome: { state: 'rejected', verdict: VERDICT } },
      clearedBy(hashOf(walk, 1), from + 1, walk.nip),
    ]);
    expect(await Promise.all(walk.ids.map((id) => test.ledger.invoice(id, 'all')))).toEqual(before);
  });

  it('ignores hashes that the session does not hold', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const stranger = await accepted(test.ledger, newNip(), numbered(1));
    const counts = await settle(walk, allCleared(stranger, numbers()));
    expect(counts.cleared).toBe(0);
    expect(await statesOf(stranger)).toEqual(['accepted']);
  });

  it('holds an invoice that cannot be sent often enough, and only that one', async () => {
    let walk = await followed(test.ledger, newNip(), numbered(2));
    const again = { state: 'again', verdict: { code: 500, description: 'Nieznany', details: [] } } as const;
    await settle(walk, [
      ...allCleared(walk, numbers()).slice(0, 1),
      { sha256: hashOf(walk, 1), reference: null, outcome: again },
    ]);
    for (let attempt = 2; attempt <= SENDING_ATTEMPTS_MAX; attempt += 1) {
      walk = await closed(await closing(await opened(await claimed(walk, {}, after(600_000)))));
      await settle(walk, [{ sha256: hashOf(walk, 1), reference: null, outcome: again }]);
    }
    expect(await statesOf(walk)).toEqual(['cleared', 'held']);
    expect(await test.ledger.invoice(walk.ids[1] ?? '', 'all')).toMatchObject({
      holdCause: 'session_failed',
      holdDetail: 'Nieznany',
      attempts: SENDING_ATTEMPTS_MAX,
    });
  });

  it('keeps the KSeF number of each to itself', async () => {
    const one = await followed(test.ledger, newNip(), numbered(1));
    const two = await followed(test.ledger, newNip(), numbered(2));
    const from = numbers();
    await settle(one, allCleared(one, from));
    const counts = await settle(two, [
      clearedAs(hashOf(two, 0), ksefNumber(from, one.nip)),
      clearedBy(hashOf(two, 1), from + 1, two.nip),
    ]);
    expect(counts).toEqual({ cleared: 1, rejected: 0, held: 1, again: 0, markedOffline: 0 });
    expect(await statesOf(two)).toEqual(['held', 'cleared']);
    expect((await test.ledger.invoice(two.ids[0] ?? '', 'all'))?.holdCause).toBe('duplicate_unknown');
  });

  it('clears nothing without a true KSeF number', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const noNumber = `${walk.nip}-20261020-000000000001-ZZ`;
    await expect(settle(walk, [clearedAs(hashOf(walk, 0), noNumber)])).rejects.toThrow(/no KSeF number/);
    expect(await statesOf(walk)).toEqual(['processing']);
  });

  it('may settle an invoice before closing was recorded', async () => {
    const walk = await opened(await claimed(await accepted(test.ledger, newNip(), numbered(1))));
    await settle(walk, allCleared(walk, numbers()));
    expect(await statesOf(walk)).toEqual(['cleared']);
    await closed(await closing(walk));
    expect(await statesOf(walk)).toEqual(['cleared']);
    await settle(walk, []);
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'settled' });
  });

  it('is not for sessions that KSeF knows nothing of, or that are not there', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(1)));
    await expect(settle(walk, [])).rejects.toThrow(TransitionRefused);
    const nowhere = test.ledger.settleSession('00000000-0000-7000-8000-000000000000', [], [], NOW);
    await expect(nowhere).rejects.toThrow(TransitionRefused);
    await test.ledger.abandonSession(walk.sessionId, walk.session.fence, 'never opened', after(10));
    await expect(settle(walk, [])).rejects.toThrow(TransitionRefused);
    await test.ledger.failSession(walk.sessionId, VERDICT, after(20));
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'abandoned' });
  });
});

describe('the receipt', () => {
  it('is kept byte for byte and found by each invoice on its own page', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    const xml = [Buffer.from([0, 255, 1]), Buffer.from('<upo>2</upo>')];
    const receipts = xml.map((bytes, index) => ({
      page: index + 1,
      reference: `upo-${index + 1}`,
      xml: bytes,
      sha256: `hash-${index + 1}`,
    }));
    const from = numbers();
    const settlements = [0, 1].map((index): InvoiceSettlement => {
      const { outcome, ...rest } = clearedBy(hashOf(walk, index), from + index, walk.nip);
      return {
        ...rest,
        outcome: outcome.state === 'cleared' ? { ...outcome, receiptPage: index + 1 } : outcome,
      };
    });
    expect(await test.ledger.upo(walk.ids[0] ?? '', 'all', 'session')).toMatchObject({ kind: 'pending' });
    await settle(walk, settlements, receipts);
    for (const [index, id] of walk.ids.entries()) {
      expect(await test.ledger.upo(id, 'all', 'session')).toEqual({
        kind: 'ready',
        xml: xml[index],
        sha256: `hash-${index + 1}`,
        reference: `upo-${index + 1}`,
      });
    }
  });

  it('can come after the verdicts', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const [settlement] = allCleared(walk, numbers());
    if (settlement?.outcome.state !== 'cleared') throw new Error('not cleared');
    const without = { ...settlement, outcome: { ...settlement.outcome, receiptPage: null } };
    await settle(walk, [without], []);
    const [id = ''] = walk.ids;
    expect(await test.ledger.upo(id, 'all', 'session')).toEqual({ kind: 'none', state: 'cleared' });
    await settle(walk, [settlement]);
    expect(await test.ledger.upo(id, 'all', 'session')).toMatchObject({ kind: 'ready' });
    expect(await test.ledger.invoice(id, 'all')).toMatchObject({ upoAvailable: true });
  });

  it("of an invoice's own is fetched once and kept", async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    const from = numbers();
    await settle(walk, [clearedBy(hashOf(walk, 0), from, walk.nip)]);
    const [id = '', other = ''] = walk.ids;
    expect(await test.ledger.receiptSource(other)).toBeNull();
    expect(await test.ledger.receiptSource(id)).toMatchObject({
      nip: walk.nip,
      sessionReference: `ref-${walk.sessionId}`,
      ksefNumber: ksefNumber(from, walk.nip),
      stored: false,
    });
    expect(await test.ledger.upo(id, 'all', 'invoice')).toMatchObject({ kind: 'pending' });
    await test.ledger.saveInvoiceReceipt(id, Buffer.from('<own/>'), 'own-hash', after(950));
    await test.ledger.saveInvoiceReceipt(id, Buffer.from('<second/>'), 'own-hash', after(960));
    expect(await test.ledger.receiptSource(id)).toMatchObject({ stored: true });
    expect(await test.ledger.upo(id, 'all', 'invoice')).toMatchObject({ xml: Buffer.from('<own/>') });
  });

  it('of an invoice that an earlier session registered is had from that session', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const [settlement] = allCleared(walk, numbers());
    if (settlement?.outcome.state !== 'cleared') throw new Error('not cleared');
    const outcome = { ...settlement.outcome, receiptPage: null, originalSessionReference: 'earlier-ref' };
    await settle(walk, [{ ...settlement, outcome }], []);
    expect(await test.ledger.receiptSource(walk.ids[0] ?? '')).toMatchObject({
      sessionReference: 'earlier-ref',
    });
  });
});

describe('a session whose UPO is late', () => {
  it('is settled and followed on until the UPO names the page of each invoice', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const [settlement] = allCleared(walk, numbers());
    if (settlement?.outcome.state !== 'cleared') throw new Error('not cleared');
    const { ledger } = test;
    const { sessionId } = walk;
    const withoutPage = { ...settlement, outcome: { ...settlement.outcome, receiptPage: null } };
    await ledger.settleSession(sessionId, [withoutPage], [], after(900), after(5000));
    expect(await statesOf(walk)).toEqual(['cleared']);
    expect(await ledger.followedSession(sessionId)).toMatchObject({ state: 'settled', receiptsDue: true });
    expect(await ledger.sessionsToFollow(after(5000), 1000)).toContain(sessionId);
    await ledger.settleSession(sessionId, [settlement], UPO, after(5100));
    expect(await ledger.followedSession(sessionId)).toBeNull();
    expect(await ledger.upo(walk.ids[0] ?? '', 'all', 'session')).toMatchObject({ kind: 'ready' });
  });
});

describe('following', () => {
  it('counts polls and says when the next is due', async () => {
    const { sessionId } = await followed(test.ledger, newNip());
    expect(await test.ledger.followedSession(sessionId)).toMatchObject({
      polls: 0,
      closedAt: after(400),
      state: 'closed',
    });
    await test.ledger.recordPoll(sessionId, after(700), 150, after(1700));
    await test.ledger.recordPoll(sessionId, after(1700), null, after(3700));
    expect(await test.ledger.followedSession(sessionId)).toMatchObject({ polls: 1, pollFailures: 1 });
    expect(await test.ledger.session(sessionId, 'all')).toMatchObject({
      statusCode: 150,
      nextPollAt: after(3700),
    });
    expect(await test.ledger.sessionsToFollow(after(3699), 1000)).not.toContain(sessionId);
    expect(await test.ledger.sessionsToFollow(after(3700), 1000)).toContain(sessionId);
  });

  it('knows the hash behind a KSeF number of ours', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const from = numbers();
    await settle(walk, allCleared(walk, from));
    expect(await test.ledger.hashOfKsefNumber(ksefNumber(from, walk.nip))).toBe(hashOf(walk, 0));
    expect(await test.ledger.hashOfKsefNumber(ksefNumber(from + 1, walk.nip))).toBeNull();
  });
});
