import { planDispatch } from '@wsad/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { rowsRead } from './support/rows-read.ts';
import { allCleared, claimed, closed, closing, opened, UPO } from './support/walk.ts';

const SETTLED = 30_000;
const nip = newNip();
let test: TestLedger;

beforeAll(async () => {
  test = await testLedger(1);
  await test.ledger.putCredentials({
    owner: { nip },
    secret: { type: 'ksefToken', token: 't' },
    actor: 'a',
    now: NOW,
  });
  await unaudited(
    test.pool,
    `INSERT INTO invoices (id, nip, issuer_nip, form, kind, number, issue_date, sha256, size_bytes, mode, has_attachment,
       submission_id, state, not_before, due_at, ksef_number, accepted_at, settled_at)
     SELECT ('0190' || lpad(to_hex(n), 8, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid, $1, $1, 'FA (3)', 'VAT',
       'H/' || n, '2026-01-01', encode(sha256(n::text::bytea), 'base64'), 4000, 'online', false, gen_random_uuid(),
       'cleared', $2, $2, '5265877635-20260101-' || lpad(upper(to_hex(n)), 12, '0') || '-00', $2, $2
     FROM generate_series(1, $3) AS n`,
    [nip, NOW, SETTLED],
  );
  await unaudited(test.pool, SESSIONS, [nip, NOW, SETTLED / 5]);
  await unaudited(
    test.pool,
    `INSERT INTO receipts (session_id, page, reference, xml, sha256, stored_at)
     SELECT id, 1, 'upo', '', 'hash', $1 FROM sessions`,
    [NOW],
  );
  await test.pool.query('ANALYZE');
});
afterAll(() => test.close());

/** Of five invoices each. */
const SESSIONS = `
  INSERT INTO sessions (id, nip, form, mode, kind, state, invoice_count, plain_bytes, credential_id, reference, claimed_at, opened_at, ended_at)
  SELECT ('0190' || lpad(to_hex(n), 8, '0') || '70009' || lpad(to_hex(n), 15, '0'))::uuid, $1, 'FA (3)', 'online', 'interactive',
    'settled', 5, 20000, (SELECT id FROM credentials WHERE nip = $1), 'reference-' || n, $2, $2, $2
  FROM generate_series(1, $3) AS n`;

/** Of what grows with history. */
const readOfHistory = () => rowsRead(test.pool, ['invoices', 'sessions', 'receipts']);

/** Rows that were fetched from tables, by whatever way. */
async function rowsReadBy(work: () => Promise<unknown>): Promise<number> {
  const before = await rowsRead(test.pool);
  await work();
  return (await rowsRead(test.pool)).all - before.all;
}

it('costs grow with the work and not with what is settled', async () => {
  const before = await readOfHistory();
  const command = call(numbered(20), { nip });
  const results = await test.ledger.accept(command);
  const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
  expect(ids).toHaveLength(20);
  await test.ledger.accept({ ...command, submissionId: test.ledger.newId(NOW) });
  expect(await test.ledger.lanesDue(NOW, 10)).toEqual([laneOf(nip)]);
  await test.ledger.sellerStatus(nip, NOW);
  await test.ledger.metrics(NOW);
  await test.ledger.overview(null, NOW);
  await test.ledger.heldGroups(nip, 'all', null, 50);
  await test.ledger.submissionsPage({}, 'all', null, 50);
  await test.ledger.claimLane(laneOf(nip), NOW, () => ({ kind: 'wait', until: after(1), why: 'neighbours' }));
  const walk = { ledger: test.ledger, nip, command, ids };
  const beforeSending = await readOfHistory();
  const session = await closed(await closing(await opened(await claimed(walk))));
  await test.ledger.settleSession(session.sessionId, allCleared(session), UPO, after(900));
  // An index may lead through the seller's history as well.
  expect((await readOfHistory()).byIndex - beforeSending.byIndex).toBeLessThan(40 * ids.length);
  await test.ledger.submission(command.submissionId, 'all');
  await test.ledger.invoicesPage({ nip }, [nip], null, 50);
  await test.ledger.invoicesPage({ nip, state: 'held' }, [nip], null, 50);
  await test.ledger.invoicesPage({ invoiceNumber: 'H/77' }, 'all', null, 50);
  await test.ledger.invoicesPage({ buyer: 'żabka' }, 'all', null, 50);
  await test.ledger.invoicesPage({ buyer: '5265' }, 'all', null, 50);
  await test.ledger.invoicesPage({ submissionId: command.submissionId }, 'all', null, 50);
  await test.ledger.holdSeller(nip, 'permission_missing', '410', NOW, { byCall: true });
  const { decision } = await test.ledger.claimLane(laneOf(nip), NOW, (waiting, room) =>
    planDispatch(NOW, waiting, room),
  );
  expect(decision).toEqual({ kind: 'idle' });
  expect((await readOfHistory()).scanned - before.scanned).toBe(0);
});

it('a page reads what is on it, whoever may see how little of all', async () => {
  const { ledger } = test;
  const few = newNip();
  const pages: Record<string, () => Promise<unknown>> = {
    'of all': () => ledger.invoicesPage({}, 'all', null, 20),
    'of a key for those who sent little': () => ledger.invoicesPage({}, [few, newNip()], null, 20),
    'of one of the sellers of a key': () => ledger.invoicesPage({ nip: few }, [few, nip], null, 20),
    'of what was withdrawn': () => ledger.invoicesPage({ state: 'withdrawn' }, 'all', null, 20),
    'of sessions': () => ledger.sessionsPage({}, 'all', null, 20),
    'of sessions of those who sent little': () => ledger.sessionsPage({}, [few], null, 20),
    'of sessions that failed': () => ledger.sessionsPage({ state: 'failed' }, 'all', null, 20),
    'of those of a seller': () => ledger.sessionsPage({ state: 'failed', nip }, 'all', null, 20),
  };
  for (const [of, page] of Object.entries(pages)) expect(await rowsReadBy(page), of).toBeLessThan(1_000);
});

it('what starts, stops and puts clocks right looks at nothing that is settled', async () => {
  const { ledger } = test;
  const rounds: Record<string, () => Promise<unknown>> = {
    start: () => ledger.releaseEveryLease(NOW),
    stop: () => ledger.handOver('nobody', NOW),
    'put back': () => ledger.clockPutBack(NOW, { databaseNow: NOW }),
    tidy: () => ledger.tidy(NOW, NOW),
    warn: () => ledger.warnOfDeadlines(NOW),
    rescue: () => ledger.sessionsToSend(NOW, 100),
    follow: () => ledger.sessionsToFollow(NOW, 100),
    measure: () => ledger.metrics(NOW),
  };
  for (const [round, work] of Object.entries(rounds)) expect(await rowsReadBy(work), round).toBeLessThan(500);
});
