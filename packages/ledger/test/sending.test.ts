import { type AcceptCommand, FenceLost } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoredPayload, TransitionRefused } from '../src/index.ts';
import { after, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  claimed,
  closed,
  closing,
  followed,
  opened,
  type SessionWalk,
  statesOf,
  VERDICT,
} from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

async function newSession(invoices = 6): Promise<SessionWalk> {
  return claimed(await accepted(test.ledger, newNip(), numbered(invoices)));
}

/** Another sender takes the session after the first one's lease ran out. */
async function takenOver({ ledger, sessionId }: SessionWalk): Promise<number> {
  const session = await ledger.acquireSession(sessionId, 'another', after(31_000), 16_000);
  return session?.fence ?? 0;
}

describe('the lease', () => {
  it('is held by one at a time, this process included', async () => {
    const { sessionId } = await newSession();
    expect(await test.ledger.acquireSession(sessionId, 'worker', after(15_999), 16_000)).toBeNull();
    const next = await test.ledger.acquireSession(sessionId, 'another', after(16_000), 16_000);
    expect(next?.fence).toBe(2);
  });

  it('is given back by closing, and nobody waits for whoever settles the session then', async () => {
    const { sessionId, session, ...walk } = await closed(await closing(await opened(await newSession())));
    const settling = await test.ledger.pool.connect();
    try {
      await settling.query('BEGIN');
      await settling.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [sessionId]);
      await walk.ledger.releaseLease(sessionId, session.fence);
      await settling.query('ROLLBACK');
    } finally {
      settling.release();
    }
  });

  it('goes to one of many who ask at once', async () => {
    const walk = await newSession();
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        test.ledger.acquireSession(walk.sessionId, `w${index}`, after(31_000), 16_000),
      ),
    );
    expect(asked.filter((session) => session !== null).map((session) => session.fence)).toEqual([2]);
  });

  it('lasts as long as it is renewed, and is lost for good once another has it', async () => {
    const walk = await newSession();
    const { sessionId, session } = walk;
    expect(await test.ledger.renewLease(sessionId, session.fence, after(20_000), 16_000)).toBe(true);
    expect(await test.ledger.acquireSession(sessionId, 'another', after(31_000), 16_000)).toBeNull();
    expect((await test.ledger.acquireSession(sessionId, 'another', after(50_000), 16_000))?.fence).toBe(2);
    expect(await test.ledger.renewLease(sessionId, session.fence, after(50_001), 16_000)).toBe(false);
    await test.ledger.releaseLease(sessionId, session.fence);
    expect(await test.ledger.acquireSession(sessionId, 'third', after(50_002), 16_000)).toBeNull();
  });

  it('given back can be taken at once, and is looked for from the named moment on', async () => {
    const { sessionId, session } = await newSession();
    await test.ledger.releaseLease(sessionId, session.fence, after(5_000));
    expect(await test.ledger.sessionsToSend(after(4_999), 1000)).not.toContain(sessionId);
    expect(await test.ledger.sessionsToSend(after(5_000), 1000)).toContain(sessionId);
    expect(await test.ledger.acquireSession(sessionId, 'worker', after(1), 16_000)).not.toBeNull();
  });

  it('is not given for a session that needs no sender', async () => {
    const { sessionId } = await followed(test.ledger, newNip());
    expect(await test.ledger.acquireSession(sessionId, 'worker', after(60_000), 16_000)).toBeNull();
  });
});

describe('every write of a sender', () => {
  it('throws FenceLost once another has the session, and changes nothing', async () => {
    const walk = await opened(await newSession());
    const { ledger, sessionId, session } = walk;
    await takenOver(walk);
    const { fence } = session;
    const writes = [
      () => opened(walk),
      () => ledger.recordPartUploaded(sessionId, fence, 1, NOW),
      () => ledger.recordInvoiceIntent(sessionId, fence, 1, NOW),
      () => ledger.recordInvoiceSent(sessionId, fence, 1, 'ref', NOW),
      () => ledger.recordClosing(sessionId, fence, NOW),
      () => ledger.recordClosed(sessionId, fence, NOW),
      () => ledger.abandonSession(sessionId, fence, 'why', NOW),
      () => ledger.failUnclosed(sessionId, fence, VERDICT, NOW),
    ];
    for (const write of writes) await expect(write()).rejects.toThrow(FenceLost);
    const after = await ledger.session(sessionId, 'all');
    expect(after).toMatchObject({ state: 'opened' });
    expect(after?.partList.every(({ uploadedAt }) => uploadedAt === null)).toBe(true);
  });
});

describe('a batch session', () => {
  it('can be continued by another from where the first one stopped', async () => {
    const walk = await opened(await newSession());
    await test.ledger.recordPartUploaded(walk.sessionId, walk.session.fence, 1, after(200));
    const next = await test.ledger.acquireSession(walk.sessionId, 'another', after(31_000), 16_000);
    expect(next).toMatchObject({
      state: 'opened',
      reference: `ref-${walk.sessionId}`,
      package: { compression: 'TarGz', sizeBytes: 1000, sha256: 'package-hash' },
      openedAt: after(100),
      usableUntil: after(1_200_000),
    });
    expect(next?.key).toEqual(walk.session.key);
    expect(next?.iv).toEqual(walk.session.iv);
    expect(next?.parts.map(({ ordinal, uploadedAt }) => [ordinal, uploadedAt])).toEqual([
      [1, after(200)],
      [2, null],
    ]);
    expect(next?.parts[1]?.upload).toEqual({
      method: 'PUT',
      url: 'https://blob.example/part-2?sig=upload-secret',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
    });
  });

  it('ends in processing when it is closed, its key and addresses gone', async () => {
    const walk = await closed(await closing(await opened(await newSession())));
    expect(await statesOf(walk)).toEqual(Array(6).fill('processing'));
    const { rows } = await test.pool.query(
      `SELECT key_sealed, upload_sealed FROM sessions JOIN session_parts ON session_id = sessions.id
       WHERE sessions.id = $1`,
      [walk.sessionId],
    );
    expect(rows).toEqual(Array(2).fill({ key_sealed: null, upload_sealed: null }));
  });

  it('takes each step again without effect', async () => {
    const walk = await opened(await opened(await newSession()));
    await test.ledger.recordPartUploaded(walk.sessionId, walk.session.fence, 1, after(200));
    await test.ledger.recordPartUploaded(walk.sessionId, walk.session.fence, 1, after(900));
    await closed(await closed(await closing(await closing(walk))));
    const detail = await test.ledger.session(walk.sessionId, 'all');
    expect(detail?.events.map(({ type }) => type)).toEqual([
      'session.claimed',
      'session.opened',
      'session.closing',
      'session.closed',
    ]);
    expect(detail?.partList[0]?.uploadedAt).toEqual(after(200));
  });

  it('refuses steps out of turn', async () => {
    const walk = await newSession();
    await expect(closing(walk)).rejects.toThrow(TransitionRefused);
    await expect(closed(walk)).rejects.toThrow(TransitionRefused);
    await opened(walk);
    await expect(closed(walk)).rejects.toThrow(TransitionRefused);
    await closing(walk);
    await expect(opened(walk)).rejects.toThrow(TransitionRefused);
    await closed(walk);
    const { sessionId, session } = walk;
    await expect(closing(walk)).rejects.toThrow(TransitionRefused);
    expect(await test.ledger.abandonSession(sessionId, session.fence, 'why', NOW)).toBe(false);
    expect(await test.ledger.failUnclosed(sessionId, session.fence, VERDICT, NOW)).toBe(false);
    await expect(test.ledger.recordPartUploaded(sessionId, session.fence, 9, NOW)).rejects.toThrow(
      /no such part/,
    );
  });
});

describe('an interactive session', () => {
  it('remembers of each invoice that sending was begun, and what came of it', async () => {
    const walk = await opened(
      await claimed(await accepted(test.ledger, newNip(), numbered(3)), { kind: 'interactive' }),
    );
    const { ledger, sessionId, session } = walk;
    await ledger.recordInvoiceIntent(sessionId, session.fence, 1, after(150));
    await ledger.recordInvoiceSent(sessionId, session.fence, 1, 'inv-ref-1', after(160));
    await ledger.recordInvoiceIntent(sessionId, session.fence, 2, after(170));
    await ledger.recordInvoiceIntent(sessionId, session.fence, 3, after(180));
    await ledger.recordInvoiceIntent(sessionId, session.fence, 3, null);
    const members = await ledger.members(sessionId);
    expect(members.map(({ intentAt, reference }) => [intentAt, reference])).toEqual([
      [after(150), 'inv-ref-1'],
      [after(170), null],
      [null, null],
    ]);
  });
});

describe('payloads', () => {
  it('come in order, in pages bounded by bytes and by number', async () => {
    const wishes = numbered(2_500).map((wish, index) =>
      index % 500 === 7 ? { ...wish, content: `${index} ${'x'.repeat(10)}` } : wish,
    );
    const walk = await newSessionOf(wishes);
    const ordinals: number[] = [];
    for await (const stored of test.ledger.payloads(walk.sessionId)) ordinals.push(stored.ordinal);
    expect(ordinals).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1));
  });

  it('are the bytes that were taken in, with a CRC-32 where one was counted', async () => {
    const walk = await newSession(3);
    await test.pool.query('UPDATE payloads SET crc32 = $2 WHERE invoice_id = $1', [walk.ids[0], 2 ** 32 - 1]);
    await test.pool.query('UPDATE payloads SET crc32 = NULL WHERE invoice_id = $1', [walk.ids[1]]);
    const seen: StoredPayload[] = [];
    for await (const stored of test.ledger.payloads(walk.sessionId)) seen.push(stored);
    const { invoices } = walk.command;
    expect(seen).toEqual([
      { ordinal: 1, invoiceId: walk.ids[0], ...kept(invoices[0]), crc32: 2 ** 32 - 1 },
      { ordinal: 2, invoiceId: walk.ids[1], ...kept(invoices[1]), crc32: null },
      { ordinal: 3, invoiceId: walk.ids[2], ...kept(invoices[2]), crc32: invoices[2]?.crc32 },
    ]);
  });

  it('can be left early', async () => {
    const walk = await newSession(20);
    for await (const stored of test.ledger.payloads(walk.sessionId)) {
      expect(stored.ordinal).toBe(1);
      break;
    }
  });
});

function kept(invoice: AcceptCommand['invoices'][number] | undefined) {
  return { sha256: invoice?.sha256, deflated: invoice?.deflated, sizeBytes: invoice?.sizeBytes };
}

async function newSessionOf(wishes: Parameters<typeof accepted>[2]): Promise<SessionWalk> {
  return claimed(await accepted(test.ledger, newNip(), wishes));
}
