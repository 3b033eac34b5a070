/** `npm run restore -- --from FILE [--force]`: a backup back into the database; or `--mark`, where others put it back. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { VaultError } from '@wsad/ledger';
import { pgTools } from './backup/pg-tools.ts';
import { putBack, refuseInUse } from './backup/put-back.ts';
import { type CommandLedger, runCommand, say, withLedger } from './command.ts';

interface Options {
  /** Null: the database was put back by other means and is only to be marked. */
  readonly file: string | null;
  readonly force: boolean;
}

function read(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      force: { type: 'boolean', default: false },
      mark: { type: 'boolean', default: false },
    },
  });
  const { from, force, mark } = values;
  if ((from === undefined) === !mark) throw new Error('either --from names the file, or --mark is given');
  if (mark && force) throw new Error('--force goes with --from');
  return { file: from === undefined ? null : resolve(from), force };
}

async function restore({ file, force }: Options): Promise<void> {
  await withLedger({ made: true }, async (command) => {
    const { config, ledger, databaseUrl, actor } = command;
    const now = new Date();
    const { since } =
      file === null
        ? await markOnly(command, now)
        : await putBack({
            ...{ ledger, databaseUrl, file, force, actor, now },
            environment: config.ksef.environment,
            tools: pgTools(config.pgBinDir),
          });
    say(`The ledger is as it was. KSeF is asked for what it got since ${since.toISOString()}`);
    say('before anything of a seller is sent: start wsad, and hand in again what was handed in since then.');
    await sayWhetherKeyFits(command);
  });
}

async function markOnly({ config, ledger, actor }: CommandLedger, now: Date): Promise<{ since: Date }> {
  await refuseInUse(ledger);
  await ledger.refuseUnfinishedRestore();
  await ledger.migrate();
  await ledger.bindEnvironment(config.ksef.environment);
  return await ledger.markRestored(actor, now);
}

/** Better now than at the start. */
async function sayWhetherKeyFits({ ledger }: CommandLedger): Promise<void> {
  try {
    await ledger.verifyVaultKey();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    say(error.message);
  }
}

await runCommand({
  usage: 'npm run restore -- --from FILE [--force] | npm run restore -- --mark',
  read,
  run: restore,
});
