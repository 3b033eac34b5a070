import { planDispatch } from '@wsad/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
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
  await test.pool.query('ANALYZE');
});
afterAll(() => test.close());

/** Settled rows read from one end to the other, so far. */
async function rowsScanned(): Promise<number> {
  await test.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await test.pool.query<{ read: number }>(
    `SELECT seq_tup_read::float8 AS read FROM pg_stat_user_tables WHERE relname = 'invoices'`,
  );
  return rows[0]?.read ?? Number.NaN;
}

it('costs grow with the work and not with what is settled', async () => {
  const before = await rowsScanned();
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
  const walk = await claimed({ ledger: test.ledger, nip, command, ids });
  await closed(await closing(await opened(walk)));
  await test.ledger.submission(command.submissionId, 'all');
  await test.ledger.settleSession(walk.sessionId, allCleared(walk), UPO, after(900));
  await test.ledger.invoicesPage({ nip }, [nip], null, 50);
  await test.ledger.invoicesPage({ nip, state: 'held' }, [nip], null, 50);
  await test.ledger.invoicesPage({ invoiceNumber: 'H/77' }, 'all', null, 50);
  await test.ledger.holdSeller(nip, 'permission_missing', '410', NOW, { byCall: true });
  const { decision } = await test.ledger.claimLane(laneOf(nip), NOW, (waiting, room) =>
    planDispatch(NOW, waiting, room),
  );
  expect(decision).toEqual({ kind: 'idle' });
  expect((await rowsScanned()) - before).toBe(0);
});
