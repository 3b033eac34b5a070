/** pg_dump and pg_restore: found, asked for their version, and run without a password on their command line. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BackupError } from './backup-error.ts';

const run = promisify(execFile);

export type PgTool = 'pg_dump' | 'pg_restore';

/** What both print of a ledger's two smallest tables, at most. */
const OUTPUT_BYTES_MAX = 16_000_000;
/** libpq refuses what it does not know, and an address may hold settings that are the Node driver's alone. */
const LIBPQ_SETTINGS = [
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'host',
  'options',
  'connect_timeout',
  'target_session_attrs',
];

export interface PgTools {
  /** What the program printed. */
  run(tool: PgTool, args: readonly string[]): Promise<string>;
  /** The same, connected: `args` are given the address to put behind `--dbname`. */
  runAt(tool: PgTool, databaseUrl: string, args: readonly string[]): Promise<string>;
  /** Throws where the program is older than the server: it could not read it. */
  requireFor(tool: PgTool, serverVersionNumber: number): Promise<void>;
}

export function pgTools(binDir: string | null): PgTools {
  const runTool = async (tool: PgTool, args: readonly string[]): Promise<string> => {
    const program = binDir === null ? tool : join(binDir, tool);
    try {
      return (await run(program, args, { maxBuffer: OUTPUT_BYTES_MAX })).stdout;
    } catch (error) {
      throw failure(tool, program, error);
    }
  };
  return {
    run: runTool,
    runAt: (tool, databaseUrl, args) =>
      withPassfile(databaseUrl, (address) => runTool(tool, [`--dbname=${address}`, ...args])),
    async requireFor(tool, serverVersionNumber) {
      const words = await runTool(tool, ['--version']);
      const server = Math.floor(serverVersionNumber / 10_000);
      const version = /\s(\d+)[.\s]/.exec(words)?.[1];
      if (Number(version) >= server) return;
      throw new BackupError(
        `${tool} is of version ${version ?? 'unknown'} and the database of ${server}: install the client programs of PostgreSQL ${server} or newer, and name their folder in WSAD_PG_BIN`,
      );
    },
  };
}

function failure(tool: PgTool, program: string, error: unknown): BackupError {
  if (!(error instanceof Error)) return new BackupError(`${tool} failed: ${String(error)}`);
  if ('code' in error && error.code === 'ENOENT')
    return new BackupError(
      `${program} is not there: install PostgreSQL's client programs (Debian: apt-get install postgresql-client), or name their folder in WSAD_PG_BIN`,
    );
  const words = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return new BackupError(`${tool} failed: ${words === '' ? error.message : words}`);
}

/** Everybody on the machine can read a command line, and nobody else this file. */
async function withPassfile<T>(databaseUrl: string, work: (address: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-pg-'));
  try {
    const address = new URL(databaseUrl);
    const password = decodeURIComponent(address.password).replace(/[\\:]/g, '\\$&');
    const passfile = join(folder, 'pgpass');
    await writeFile(passfile, `*:*:*:*:${password}\n`, { mode: 0o600 });
    address.password = '';
    for (const name of [...address.searchParams.keys()])
      if (!LIBPQ_SETTINGS.includes(name)) address.searchParams.delete(name);
    address.searchParams.set('passfile', passfile);
    return await work(address.href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
