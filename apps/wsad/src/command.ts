/** The frame of a command that works on the ledger and ends: what it was asked for, and its ledger for the while. */
import { randomBytes } from 'node:crypto';
import { type Config, readProcessConfig, resolveSecrets } from '@wsad/config';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { BackupError } from './backup/backup-error.ts';
import { databaseAtHand } from './database-at-hand.ts';
import { wordsOf } from './doctor/finding.ts';
import { whyNotStarted } from './why-not-started.ts';

export interface CommandLedger {
  readonly config: Config;
  readonly ledger: PostgresLedger;
  readonly databaseUrl: string;
  /** Who asked, for the record. */
  readonly actor: string;
}

export interface Command<Options> {
  readonly usage: string;
  /** Throws an Error with one clear line where something is not understood. */
  readonly read: (args: readonly string[]) => Options;
  readonly run: (options: Options) => Promise<void>;
}

/** Ends the process: 0 done, 1 it could not be done, 2 not understood. */
export async function runCommand<Options>({ usage, read, run }: Command<Options>): Promise<never> {
  let options: Options;
  try {
    options = read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\nusage: ${usage}\n`);
    process.exit(2);
  }
  try {
    await run(options);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${whyNotStarted(error)}\n`);
    process.exit(1);
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The ledger on one connection, so that any other one is somebody else's. */
export async function withLedger<T>(
  { made }: { readonly made: boolean },
  work: (command: CommandLedger) => Promise<T>,
): Promise<T> {
  const config = readProcessConfig('all');
  const database = await databaseAtHand(config, { made });
  if (database === null)
    throw new BackupError(
      `there is no embedded database in ${config.dataDir} yet: start wsad once, or set DATABASE_URL`,
    );
  const { vaultKey, earlierVaultKeys } = await resolveSecrets(config, { randomBytes });
  const ledger = createLedger({
    databaseUrl: database.url,
    ...{ vaultKey, earlierVaultKeys },
    connectionsMax: 1,
    egress: config.egress,
  });
  try {
    return await work({
      config,
      ledger,
      databaseUrl: database.url,
      actor: `cli:${process.getuid?.() ?? ''}`,
    });
  } finally {
    await ledger.close();
    await database.close();
  }
}
