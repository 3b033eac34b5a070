/** `npm run backup -- [--to FOLDER]`: the ledger in one file. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBackup } from './backup/make-backup.ts';
import { pgTools } from './backup/pg-tools.ts';
import { runCommand, say, withLedger } from './command.ts';

await runCommand({
  usage: 'npm run backup -- [--to FOLDER]',
  read: (args) => parseArgs({ args: [...args], options: { to: { type: 'string' } } }).values,
  run: ({ to }) =>
    withLedger({ made: false }, async ({ config, ledger, databaseUrl }) => {
      const folder = to === undefined ? join(config.dataDir, 'backups') : resolve(to);
      const tools = pgTools(config.pgBinDir);
      const { file, bytes } = await makeBackup({ ledger, databaseUrl, folder, tools, now: new Date() });
      say(`${file} (${bytes} bytes). Keep it elsewhere, and the vault key apart from it.`);
    }),
});
