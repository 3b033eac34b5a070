import { INVOICE_STATES, INVOICE_TRANSITIONS, SESSION_STATES, SESSION_TRANSITIONS } from '@wsad/domain';
import { testDatabase } from '@wsad/testkit';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, MigrationChanged, migrate, VaultError, WrongEnvironment } from '../src/index.ts';
import { ksefNumber, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, followed } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

describe('migrations', () => {
  it('are applied once, by however many processes at once, and again without effect', async () => {
    const database = await testDatabase();
    const pool = new Pool({ connectionString: database.url });
    pool.on('error', () => {});
    try {
      const runs = await Promise.all([migrate(pool), migrate(pool), migrate(pool)]);
      const applied = runs.flatMap((run) => run.applied);
      expect(applied.length).toBeGreaterThan(4);
      expect(new Set(applied).size).toBe(applied.length);
      expect(await migrate(pool)).toEqual({ applied: [] });
    } finally {
      await pool.end();
      await database.drop();
    }
  });

  it('refuse to go on where an applied one was changed', async () => {
    const { rows } = await test.pool.query<{ name: string; sha256: string }>(
      'SELECT name, sha256 FROM schema_migrations ORDER BY name LIMIT 1',
    );
    await test.pool.query('UPDATE schema_migrations SET sha256 = $2 WHERE name = $1', [
      rows[0]?.name,
      'other',
    ]);
    await expect(migrate(test.pool)).rejects.toThrow(MigrationChanged);
    await test.pool.query('UPDATE schema_migrations SET sha256 = $2 WHERE name = $1', [
      rows[0]?.name,
      rows[0]?.sha256,
    ]);
  });
});

describe('the ledger as a whole', () => {
  it('belongs to one KSeF environment for ever', async () => {
    await test.ledger.bindEnvironment('DEMO');
    await test.ledger.bindEnvironment('DEMO');
    await expect(test.ledger.bindEnvironment('PRD')).rejects.toThrow(WrongEnvironment);
    await expect(test.pool.query(`UPDATE settings SET environment = 'PRD'`)).rejects.toThrow(/for ever/);
  });

  it('says at the start that VAULT_KEY is another one', async () => {
    await test.ledger.verifyVaultKey();
    await test.ledger.verifyVaultKey();
    const other = createLedger({ pool: test.pool, vaultKey: Buffer.alloc(32, 7) });
    await expect(other.verifyVaultKey()).rejects.toThrow(VaultError);
    const rotated = createLedger({
      pool: test.pool,
      vaultKey: Buffer.alloc(32, 7),
      earlierVaultKeys: [test.vaultKey],
    });
    await rotated.verifyVaultKey();
  });

  it('answers a ping, and throws where the database is away', async () => {
    await test.ledger.ping();
    const away = createLedger({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      vaultKey: Buffer.alloc(32),
    });
    await expect(away.ping()).rejects.toThrow();
    await away.close();
  });
});

describe('what the schema refuses by itself', () => {
  it('allows exactly the invoice transitions of the domain', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(1)));
    const allowed: Record<string, string[]> = {};
    for (const from of INVOICE_STATES) {
      const others = INVOICE_STATES.filter((to) => to !== from);
      const possible = await Promise.all(others.map((to) => invoiceMayBecome(walk.ids[0] ?? '', from, to)));
      allowed[from] = others.filter((_, index) => possible[index]);
    }
    expect(sorted(allowed)).toEqual(sorted(INVOICE_TRANSITIONS));
  });

  it('allows exactly the session transitions of the domain', async () => {
    const { sessionId } = await followed(test.ledger, newNip(), numbered(1));
    const allowed: Record<string, string[]> = {};
    for (const from of SESSION_STATES) {
      const others = SESSION_STATES.filter((to) => to !== from);
      const possible = await Promise.all(others.map((to) => sessionMayBecome(sessionId, from, to)));
      allowed[from] = others.filter((_, index) => possible[index]);
    }
    expect(sorted(allowed)).toEqual(sorted(SESSION_TRANSITIONS));
  });

  it('never lets a final invoice be changed or deleted', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 500), [], new Date());
    const [id] = walk.ids;
    const changes = [
      `state = 'accepted', ksef_number = NULL, settled_at = NULL`,
      `ksef_number = '${ksefNumber(999)}'`,
      `sha256 = repeat('x', 44)`,
      `nip = '9999999999'`,
      `settled_at = now()`,
    ];
    for (const change of changes) {
      await expect(test.pool.query(`UPDATE invoices SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        /final invoice never changes/,
      );
    }
    await expect(test.pool.query('DELETE FROM invoices WHERE id = $1', [id])).rejects.toThrow();
  });

  it('lets nothing point at what is not there, and nothing go that is pointed at', async () => {
    const { command, ids } = await accepted(test.ledger, newNip(), numbered(1));
    const [id] = ids;
    const nowhere = test.ledger.newId(new Date());
    const broken: [string, string | undefined][] = [
      [`INSERT INTO payloads VALUES ($1, 'x')`, nowhere],
      [`INSERT INTO session_members (session_id, ordinal, invoice_id) VALUES ($1, 1, '${id}')`, nowhere],
      [`INSERT INTO submission_invoices VALUES ($1, 1, '${id}', true)`, nowhere],
      [`INSERT INTO submission_invoices VALUES ('${command.submissionId}', 1, $1, true)`, nowhere],
    ];
    for (const [sql, value] of broken)
      await expect(test.pool.query(sql, [value])).rejects.toMatchObject({ code: '23503' });
    await expect(test.pool.query('DELETE FROM invoices WHERE id = $1', [id])).rejects.toThrow(/stays/);
    await expect(test.pool.query('TRUNCATE sessions CASCADE')).rejects.toThrow(/stays/);
  });

  it.each([
    '0265877635-20261127-0123456789AB-CD',
    '526587763A-20261127-0123456789AB-CD',
    '5265877635-2026112A-0123456789AB-CD',
    '5265877635-20261127-0123456789ab-CD',
    '5265877635-20261127-0123456789AG-CD',
    '5265877635-20261127-0123456789AB-C',
    '5265877635-20261127-0123456789ABC-D',
    '526587763-520261127-0123456789AB-CD',
    '5265877635-20261127-0123456789AB-CDE',
    '5265877635-20261127-0123456789AB-CD ',
    '5265877635-20261127-0123456789AB-CD\n',
    '5265877635-20261127-01234-6789AB-CD',
    '',
  ])('takes no KSeF number that cannot be one: %j', async (number) => {
    const { ids } = await accepted(test.ledger, newNip(), numbered(1));
    const clear = `UPDATE invoices SET state = 'cleared', settled_at = now(), ksef_number = $2 WHERE id = $1`;
    await expect(test.pool.query(clear, [ids[0], number])).rejects.toThrow(/ksef_number_has_its_form/);
  });

  it('keeps what a state says together with the state', async () => {
    const { ids } = await accepted(test.ledger, newNip(), numbered(1));
    const broken = [
      `state = 'held'`,
      `state = 'sending'`,
      `state = 'cleared', settled_at = now()`,
      `ksef_number = '${ksefNumber(1)}'`,
      `state = 'posted'`,
    ];
    for (const change of broken) {
      await expect(test.pool.query(`UPDATE invoices SET ${change} WHERE id = $1`, [ids[0]])).rejects.toThrow(
        /check constraint|no such transition/,
      );
    }
  });

  it('only adds events', async () => {
    await accepted(test.ledger, newNip(), numbered(1));
    await expect(test.pool.query(`UPDATE events SET actor = 'somebody'`)).rejects.toThrow(/only added/);
    await expect(test.pool.query('DELETE FROM events')).rejects.toThrow(/only added/);
  });
});

function sorted(table: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(table).map(([from, to]) => [from, [...to].sort()]));
}

/** Puts a row into a state with triggers off, tries the step with them on, and takes everything back. */
async function tries(arrange: string, step: string, id: string): Promise<boolean> {
  const client = await test.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(arrange, [id]);
    await client.query('SET LOCAL session_replication_role = origin');
    return await client.query(step, [id]).then(
      () => true,
      () => false,
    );
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function invoiceMayBecome(id: string, from: string, to: string): Promise<boolean> {
  const set = (state: string): string => `UPDATE invoices SET state = '${state}',
    hold_cause = ${state === 'held' ? `'no_credentials'` : 'NULL'},
    ksef_number = ${state === 'cleared' ? `'${ksefNumber(77)}'` : 'NULL'},
    settled_at = ${['cleared', 'rejected', 'withdrawn'].includes(state) ? 'accepted_at' : 'NULL'}
    WHERE id = $1`;
  return tries(set(from), set(to), id);
}

function sessionMayBecome(id: string, from: string, to: string): Promise<boolean> {
  const set = (state: string): string =>
    `UPDATE sessions SET state = '${state}', key_sealed = coalesce(key_sealed, '\\x00') WHERE id = $1`;
  return tries(set(from), set(to), id);
}
