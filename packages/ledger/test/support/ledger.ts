import { randomBytes } from 'node:crypto';
import { testDatabase } from '@wsad/testkit';
import { Pool } from 'pg';
import { createLedger, migrate, type PostgresLedger } from '../../src/index.ts';
import { holdToAudit } from './audited.ts';

export interface TestLedger {
  readonly ledger: PostgresLedger;
  readonly pool: Pool;
  readonly url: string;
  readonly vaultKey: Buffer;
  close(): Promise<void>;
}

/** A ledger on a database of its own, migrated, that cannot change a state without an event. */
export async function testLedger(connectionsMax = 10): Promise<TestLedger> {
  const database = await testDatabase({ template: 'ledger_audited', prepare: migrateAt });
  const pool = new Pool({ connectionString: database.url, max: connectionsMax, pipeline: true });
  const vaultKey = randomBytes(32);
  const ledger = createLedger({ pool, vaultKey });
  const close = async (): Promise<void> => {
    await pool.end();
    await database.drop();
  };
  return { ledger, pool, url: database.url, vaultKey, close };
}

async function migrateAt(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url });
  await migrate(pool);
  await holdToAudit(pool);
  await pool.end();
}
