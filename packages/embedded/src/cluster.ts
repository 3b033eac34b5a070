import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, majorVersion } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';
import type { Ids } from './path-access.ts';
import { isAlive } from './process-facts.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** The superuser we create and connect as. */
export const ROLE = 'wsad';

const STAGING = /^new-(\d+)-/;

/** Folders that this process is filling at this moment. */
const inHand = new Set<string>();

/** A data folder ready to be served. */
export interface Cluster {
  /** PostgreSQL's own folder (PGDATA). */
  pgData: string;
  password: string;
}

export interface ClusterOptions {
  dataDir: string;
  binaries: Binaries;
  user: ServerUser;
  fsync: boolean;
  randomBytes: (size: number) => Uint8Array;
}

/**
 * Opens the cluster in `dataDir`, making it first where there is none. It lies in `dataDir/cluster`: the
 * data and, beside them, the password (mode 0600). Both appear by one rename, so that a crash in the
 * middle of making them, or two processes making them at once, leaves either a whole cluster or none.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const home = join(options.dataDir, 'cluster');
  await removeLeftovers(options.dataDir);
  if (!(await exists(home))) await createCluster(options, home);
  const pgData = join(home, 'data');
  await checkVersion(pgData, options.binaries);
  if (options.user.owner) await giveTo(home, options.user.owner);
  return { pgData, password: (await readFile(join(home, 'password'), 'utf8')).trim() };
}

async function createCluster(options: ClusterOptions, home: string): Promise<void> {
  await refuseForeignFolder(options.dataDir);
  const suffix = Buffer.from(options.randomBytes(4)).toString('hex');
  const staging = join(options.dataDir, `new-${process.pid}-${suffix}`);
  inHand.add(staging);
  try {
    await fill(options, staging);
    await publish(staging, home);
  } finally {
    await rm(staging, { recursive: true, force: true });
    inHand.delete(staging);
  }
}

async function fill(options: ClusterOptions, staging: string): Promise<void> {
  await mkdir(join(staging, 'data'), { recursive: true, mode: 0o700 });
  const password = Buffer.from(options.randomBytes(24)).toString('base64url');
  await writeFile(join(staging, 'password'), `${password}\n`, { mode: 0o600 });
  if (options.user.owner) await giveTo(staging, options.user.owner);
  await initdb(options, staging);
}

/** As the C library and PostgreSQL say it. */
const DISK_FULL = /No space left on device|Check free disk space/;
const NEW_DATABASE_MB = 80;

async function initdb({ binaries, user, fsync }: ClusterOptions, staging: string): Promise<void> {
  const [command = '', ...args] = [
    ...user.prefix,
    binaries.initdb,
    `--pgdata=${join(staging, 'data')}`,
    `--pwfile=${join(staging, 'password')}`,
    `--username=${ROLE}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(fsync ? [] : ['--no-sync']),
  ];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  await run(command, args, { cwd: staging, env, ...user.ids }).catch((error: unknown) => {
    const message = messageOf(error);
    if (DISK_FULL.test(message))
      throw new EmbeddedPostgresError(
        'disk-full',
        `no room is left for the data in ${dirname(staging)}: free some (a new database takes ${NEW_DATABASE_MB} MB) or name another folder`,
      );
    throw new EmbeddedPostgresError('start-failed', `initdb failed: ${message}`);
  });
}

/** Renames onto the final name; where another process was quicker, its cluster stands and ours goes. */
async function publish(staging: string, home: string): Promise<void> {
  try {
    await rename(staging, home);
  } catch (error) {
    if (!(await exists(home))) throw error;
  }
}

async function checkVersion(pgData: string, binaries: Binaries): Promise<void> {
  const found = await readFile(join(pgData, 'PG_VERSION'), 'utf8').catch(() => null);
  if (found === null) {
    throw new EmbeddedPostgresError(
      'foreign-folder',
      `${pgData} holds no PostgreSQL data (PG_VERSION is missing): move the folder away or name another`,
    );
  }
  const ours = await majorVersion(binaries.postgres);
  if (found.trim() === ours) return;
  throw new EmbeddedPostgresError(
    'wrong-version',
    `the data in ${pgData} belong to PostgreSQL ${found.trim()}, the embedded server is ${ours}: ` +
      'run the wsad release that made them and move them with pg_dump, or name another data folder',
  );
}

async function refuseForeignFolder(dataDir: string): Promise<void> {
  const foreign = (await readdir(dataDir)).filter((name) => name !== 'cluster' && !STAGING.test(name));
  if (foreign.length === 0) return;
  throw new EmbeddedPostgresError(
    'foreign-folder',
    `${dataDir} already holds other files (${foreign.slice(0, 3).join(', ')}): name an empty folder for the data`,
  );
}

/** Half-made clusters of processes that are no more. */
async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(STAGING.exec(name)?.[1] ?? Number.NaN);
    const abandoned = pid === process.pid ? !inHand.has(join(dataDir, name)) : !isAlive(pid);
    if (!Number.isNaN(pid) && abandoned) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Changes the owner of a whole tree; costs one look where it is right already. */
async function giveTo(folder: string, owner: Ids): Promise<void> {
  if ((await stat(folder)).uid === owner.uid) return;
  const entries = await readdir(folder, { recursive: true });
  for (const name of entries) await chown(join(folder, name), owner.uid, owner.gid);
  await chown(folder, owner.uid, owner.gid);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
