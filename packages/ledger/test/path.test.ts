import { randomBytes } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import { planDispatch } from '@wsad/domain';
import { describeWithSystemPostgres, startSystemPostgres } from '@wsad/testkit';
import { expect, it } from 'vitest';
import type { Ledger } from '../../engine/src/ports.ts';
import { createLedger, type PostgresLedger } from '../src/index.ts';
import { after, call, ksefNumber, LANE, NIP, NOW, numbered } from './support/invoices.ts';
import { testLedger } from './support/ledger.ts';

it('takes sixty invoices from the call to their KSeF numbers and receipt', async () => {
  const test = await testLedger();
  await walkPath(test.ledger);
  await test.close();
});

describeWithSystemPostgres("on the machine's own PostgreSQL, 15 or newer", (binDir) => {
  it('takes them there as well', async () => {
    const server = await startSystemPostgres(binDir);
    const ledger = createLedger({ databaseUrl: await server.database(), vaultKey: randomBytes(32) });
    await ledger.migrate();
    await walkPath(ledger);
    await ledger.close();
    await server.stop();
  });
});

async function walkPath(ledger: PostgresLedger & Ledger): Promise<void> {
  await ledger.putCredentials({
    owner: { nip: NIP },
    secret: { type: 'ksefToken', token: 'a-token' },
    actor: 'test',
    now: NOW,
  });
  const command = call(numbered(60));
  const results = await ledger.accept(command);
  expect(results.map((result) => result.kind)).toEqual(Array(60).fill('accepted'));

  const { sessions } = await ledger.claimLane(LANE, NOW, (waiting, room) => planDispatch(NOW, waiting, room));
  expect(sessions).toHaveLength(1);
  const [{ id: sessionId = '' } = {}] = sessions;

  const session = await ledger.acquireSession(sessionId, 'worker-1', NOW, 16_000);
  if (session === null) throw new Error('nobody holds it, and yet it cannot be taken');
  expect(session).toMatchObject({ state: 'claimed', kind: 'batch', invoiceCount: 60, fence: 1 });
  expect([session.key.length, session.iv.length]).toEqual([32, 16]);
  const texts: string[] = [];
  for await (const stored of ledger.payloads(sessionId)) {
    const bytes = inflateRawSync(stored.deflated ?? Buffer.alloc(0));
    expect([stored.sizeBytes, stored.crc32]).toEqual([bytes.length, crc32(bytes)]);
    texts.push(bytes.toString());
  }
  expect(texts).toEqual(command.invoices.map((invoice) => inflateRawSync(invoice.deflated).toString()));

  const credential = await ledger.credentialOf(NIP);
  await ledger.recordOpened(sessionId, session.fence, {
    reference: '20261020-SB-1',
    credentialId: credential?.id ?? '',
    openedAt: after(100),
    usableUntil: after(1_200_000),
    package: { compression: 'TarGz', sizeBytes: 1000, sha256: 'hash' },
    parts: [
      {
        ordinal: 1,
        sizeBytes: 1008,
        sha256: 'part',
        upload: { method: 'PUT', url: 'https://secret', headers: {} },
      },
    ],
  });
  await ledger.recordPartUploaded(sessionId, session.fence, 1, after(200));
  await ledger.recordClosing(sessionId, session.fence, after(300));
  await ledger.recordClosed(sessionId, session.fence, after(400));
  // Whoever hears the bell looks before the rescue round has it.
  expect(await ledger.sessionsToFollow(after(2_399), 10)).toEqual([]);
  expect(await ledger.sessionsToFollow(after(2_400), 10)).toEqual([sessionId]);
  expect(await ledger.followedSession(sessionId)).toMatchObject({
    reference: '20261020-SB-1',
    invoiceCount: 60,
  });

  const counts = await ledger.settleSession(
    sessionId,
    command.invoices.map((invoice, index) => ({
      sha256: invoice.sha256,
      reference: null,
      outcome: {
        state: 'cleared',
        ksefNumber: ksefNumber(index),
        invoicingMode: 'Online',
        acquiredAt: after(500),
        receiptPage: 1,
      },
    })),
    [{ page: 1, reference: 'upo-1', xml: Buffer.from('<upo/>'), sha256: 'upo-hash' }],
    after(600),
  );
  expect(counts).toEqual({ cleared: 60, rejected: 0, held: 0, again: 0, markedOffline: 0 });
  expect(await ledger.submission(command.submissionId, 'all')).toMatchObject({
    total: 60,
    done: true,
    byState: { cleared: 60 },
    sessions: [{ id: sessionId, state: 'settled', invoices: 60 }],
  });
}
