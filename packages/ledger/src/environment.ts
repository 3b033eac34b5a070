import type { KsefEnvironment } from '@wsad/domain';
import type { Db } from './db.ts';
import { WrongEnvironment } from './errors.ts';
import { VaultError } from './vault.ts';

/** Binds a new ledger to a KSeF environment; throws WrongEnvironment where it belongs to another one already. */
export async function bindEnvironment(db: Db, environment: KsefEnvironment): Promise<void> {
  await db.pool.query('UPDATE settings SET environment = $1 WHERE environment IS NULL', [environment]);
  const { rows } = await db.pool.query<{ environment: string }>('SELECT environment FROM settings');
  const bound = rows[0]?.environment ?? environment;
  if (bound !== environment) throw new WrongEnvironment(bound, environment);
}

/** What the probe is sealed for, and what is in it. */
export const PROBE = 'wsad';

const ANOTHER_KEY =
  'VAULT_KEY is not the key that the secrets in this database were sealed with. Set that one again (or name it in VAULT_KEY_PREVIOUS, to change keys). If it is lost, run npm run vault -- forget: no invoice is lost by it, but the credentials of every seller have to be put again. See docs/backup.md.';

/** Throws VaultError where this ledger's secrets were sealed with another key: better at the start than in mid-work. */
export async function verifyVaultKey(db: Db): Promise<void> {
  await db.pool.query('UPDATE settings SET vault_probe = $1 WHERE vault_probe IS NULL', [
    db.vault.seal('probe', PROBE, Buffer.from(PROBE)),
  ]);
  const { rows } = await db.pool.query<{ vault_probe: Buffer }>('SELECT vault_probe FROM settings');
  const [row] = rows;
  if (row !== undefined && !opensProbe(db, row.vault_probe)) throw new VaultError(ANOTHER_KEY);
}

function opensProbe({ vault }: Db, probe: Buffer): boolean {
  try {
    vault.open('probe', PROBE, probe);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
