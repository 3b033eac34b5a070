/** `npm run restore`: a backup into a database, which is marked as behind KSeF before anything may start on it. */
import type { KsefEnvironment } from '@wsad/domain';
import { migrationNames, type PostgresLedger, type Target } from '@wsad/ledger';
import { readArchive } from './archive.ts';
import { BackupError } from './backup-error.ts';
import type { PgTools } from './pg-tools.ts';

export interface RestoreOrder {
  readonly ledger: PostgresLedger;
  readonly databaseUrl: string;
  readonly environment: KsefEnvironment;
  readonly file: string;
  /** What is in the database may be replaced. */
  readonly force: boolean;
  readonly tools: PgTools;
  readonly actor: string;
  readonly now: Date;
}

/** Answers since when KSeF is to be asked what it got. Where it does not work, what was in the database is back. */
export async function putBack(order: RestoreOrder): Promise<{ since: Date }> {
  const { ledger, databaseUrl, file, tools } = order;
  const { serverVersionNumber } = await ledger.diagnosis();
  await tools.requireFor('pg_restore', serverVersionNumber);
  await refuseForeign(order);
  await refuseOccupied(order);
  await ledger.beginPuttingBack();
  try {
    await tools.runAt('pg_restore', databaseUrl, [
      '--single-transaction',
      '--exit-on-error',
      '--no-owner',
      '--no-privileges',
      file,
    ]);
    return await ledger.finishPuttingBack(order.actor, order.now);
  } catch (error) {
    // Where not even this works the database says of itself that it is not whole.
    await ledger.undoPuttingBack().catch(() => undefined);
    throw error;
  }
}

/** Another environment's invoices would be sent to the wrong KSeF; a newer wsad's ledger would be misread. */
async function refuseForeign({ tools, file, environment }: RestoreOrder): Promise<void> {
  const archive = await readArchive(tools, file);
  if (archive.environment !== null && archive.environment !== environment)
    throw new BackupError(
      `${file} is a backup of KSeF's environment ${archive.environment}, and KSEF_ENV is ${environment}: set KSEF_ENV=${archive.environment}, or take another file`,
    );
  const known = await migrationNames();
  const foreign = archive.migrations.find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw new BackupError(
      `${file} was made by a newer wsad (its schema has ${foreign}): put it back with that version`,
    );
}

async function refuseOccupied({ ledger, force }: RestoreOrder): Promise<void> {
  const { tables, unfinished } = await refuseInUse(ledger);
  if (tables > 0 && !force && !unfinished)
    throw new BackupError(
      `the database is not empty (${tables} tables): name an empty one, or replace what is in it with --force`,
    );
}

/** Whoever is connected would go on as if nothing had been lost. */
export async function refuseInUse(ledger: PostgresLedger): Promise<Target> {
  const target = await ledger.lookAtTarget();
  if (target.connections === 0) return target;
  throw new BackupError(
    `${target.connections} other connections to this database are open: stop every process of wsad first`,
  );
}
