import type { KsefEnvironment } from '@wsad/domain';
import type { Db } from './db.ts';
import { WrongEnvironment } from './errors.ts';

/** Binds a new ledger to a KSeF environment; throws WrongEnvironment where it belongs to another one already. */
export async function bindEnvironment(db: Db, environment: KsefEnvironment): Promise<void> {
  await db.pool.query('UPDATE settings SET environment = $1 WHERE environment IS NULL', [environment]);
  const { rows } = await db.pool.query<{ environment: string }>('SELECT environment FROM settings');
  const bound = rows[0]?.environment ?? environment;
  if (bound !== environment) throw new WrongEnvironment(bound, environment);
}

const PROBE = 'wsad';

/** Throws VaultError where this ledger's secrets were sealed with another key: better at the start than in mid-work. */
export async function verifyVaultKey(db: Db): Promise<void> {
  await db.pool.query('UPDATE settings SET vault_probe = $1 WHERE vault_probe IS NULL', [
    db.vault.seal('probe', PROBE, Buffer.from(PROBE)),
  ]);
  const { rows } = await db.pool.query<{ vault_probe: Buffer }>('SELECT vault_probe FROM settings');
  const [row] = rows;
  if (row !== undefined) db.vault.open('probe', PROBE, row.vault_probe);
}
