import type { AcceptCommand, AcceptStagedCommand } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StageLost } from '../src/index.ts';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { putToken } from './support/walk.ts';

const HOUR_MS = 3_600_000;

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

/** A call of which as many invoices are staged as asked for. */
async function begun(count: number, now = NOW): Promise<AcceptStagedCommand> {
  const nip = newNip();
  const command: AcceptCommand = call(numbered(10), { nip, now });
  const stageId = test.ledger.newId(now);
  await test.ledger.stage(stageId, command.invoices.slice(0, count));
  return { ...command, stageId };
}

async function stagedOf({ stageId }: AcceptStagedCommand): Promise<number> {
  const { rows } = await test.pool.query<{ staged: number }>(
    'SELECT coalesce(sum(cardinality(position)), 0)::int AS staged FROM staged_parts WHERE call_id = $1',
    [stageId],
  );
  return rows[0]?.staged ?? 0;
}

async function tidyAt(now: Date): Promise<void> {
  await test.ledger.tidy(now, now);
}

async function somebodyWaits(): Promise<boolean> {
  const { rows } = await test.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function acceptedOf({ nip }: AcceptStagedCommand): Promise<number> {
  const { rows } = await test.pool.query('SELECT FROM invoices WHERE nip = $1', [nip]);
  return rows.length;
}

describe('what is staged', () => {
  it('is nothing to anybody until it is accepted, and goes when it is dropped', async () => {
    const command = await begun(10);
    expect(await acceptedOf(command)).toBe(0);
    expect(await test.ledger.submission(command.submissionId, 'all')).toBeNull();
    await test.ledger.accept(command);
    expect(await acceptedOf(command)).toBe(10);
    await test.ledger.dropStaged(command.stageId);
    expect(await stagedOf(command)).toBe(0);
    expect(await acceptedOf(command)).toBe(10);
  });

  it('is accepted as a whole or not at all: nothing where a part of it was forgotten', async () => {
    const command = await begun(9);
    await expect(test.ledger.accept(command)).rejects.toThrow(StageLost);
    expect(await acceptedOf(command)).toBe(0);
    expect(await test.ledger.submission(command.submissionId, 'all')).toBeNull();
  });

  it('of one call never meets that of another', async () => {
    const [one, other] = await Promise.all([begun(10), begun(10)]);
    await test.ledger.dropStaged(other.stageId);
    await test.ledger.accept(one);
    expect(await acceptedOf(one)).toBe(10);
    await expect(test.ledger.accept(other)).rejects.toThrow(StageLost);
  });

  it('goes by itself where its call died, and not before any call can be at its end', async () => {
    const dead = await begun(7);
    const living = await begun(10, after(HOUR_MS / 2));
    await tidyAt(after(HOUR_MS - 1_000));
    expect(await stagedOf(dead)).toBe(7);
    await tidyAt(after(HOUR_MS + 1));
    expect(await stagedOf(dead)).toBe(0);
    expect(await stagedOf(living)).toBe(10);
    await test.ledger.accept(living);
    expect(await acceptedOf(living)).toBe(10);
  });

  it('does not go where one of the clocks runs ahead', async () => {
    const coming = await begun(10);
    await test.ledger.tidy(after(2 * HOUR_MS), after(1_000));
    await test.ledger.tidy(after(1_000), after(2 * HOUR_MS));
    expect(await stagedOf(coming)).toBe(10);
  });

  it('goes by and by where much was left behind', async () => {
    await test.pool.query('DELETE FROM staged_parts');
    const dead = await begun(1);
    await test.pool.query(
      `INSERT INTO staged_parts
       SELECT (jsonb_populate_record(staged_parts, jsonb_build_object('part', nth))).*
       FROM staged_parts CROSS JOIN generate_series(1, 599) AS nth WHERE call_id = $1`,
      [dead.stageId],
    );
    await tidyAt(after(HOUR_MS + 1));
    expect(await stagedOf(dead)).toBe(100);
    await tidyAt(after(HOUR_MS + 1));
    expect(await stagedOf(dead)).toBe(0);
  });

  it('stays while it is being accepted, however old it is', async () => {
    const command = await begun(10);
    const other = await test.pool.connect();
    await other.query('BEGIN');
    await other.query('INSERT INTO sellers (nip, created_at) VALUES ($1, $2)', [command.nip, NOW]);
    const accepting = test.ledger.accept(command);
    await eventually(somebodyWaits, { what: 'that the call waits for its seller' });
    await tidyAt(after(2 * HOUR_MS));
    await other.query('ROLLBACK');
    other.release();
    expect((await accepting).map(({ kind }) => kind)).toEqual(Array(10).fill('accepted'));
  });

  it('is forgotten by a server that crashes', async () => {
    const { rows } = await test.pool.query(
      `SELECT relpersistence AS kept FROM pg_class WHERE relname = 'staged_parts'`,
    );
    expect(rows).toEqual([{ kept: 'u' }]);
  });

  it('may hold technical corrections', async () => {
    const command = await begun(10);
    await putToken(test.ledger, command.nip);
    const invoices = command.invoices.map((invoice, index) =>
      index === 3 ? { ...invoice, correctionOf: 'A'.repeat(43).concat('=') } : invoice,
    );
    const results = await test.ledger.accept({ ...command, mode: 'offline', invoices });
    expect(results.map(({ kind }) => kind)).toEqual(Array(10).fill('accepted'));
    const { rows } = await test.pool.query<{ number: string }>(
      'SELECT number FROM invoices WHERE nip = $1 AND corrected_sha256 IS NOT NULL',
      [command.nip],
    );
    expect(rows).toEqual([{ number: 'FV/4' }]);
  });
});
