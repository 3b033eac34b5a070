/** The machine's own PostgreSQL, which comes with pg_dump: a server for one test file, on a free port. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startEmbeddedPostgres } from '@wsad/embedded';
import { Client } from 'pg';
import { describeWhere } from './official-files.ts';

export interface SystemPostgres {
  /** The folder of its programs. */
  readonly binDir: string;
  /** A new, empty database: its address, as superuser. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

/** Where Debian and its kin keep each version's programs. */
const DEBIAN = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/** A suite on the machine's own PostgreSQL: skipped by name where there is none, failing there under CI=true. */
export function describeWithSystemPostgres(name: string, suite: (binDir: string) => void): void {
  describeWhere(name, 'PostgreSQL server with pg_dump', findBinDir, suite);
}

function findBinDir(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, String(version), 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.find((folder) => NEEDED.every((program) => existsSync(join(folder, program))));
  if (found !== undefined) return found;
  if (process.env.CI === 'true')
    throw new Error('no PostgreSQL server is installed (Debian, Ubuntu: apt-get install -y postgresql)');
  return null;
}

export async function startSystemPostgres(binDir: string): Promise<SystemPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-system-postgres-'));
  const [initdb, postgres] = [join(binDir, 'initdb'), join(binDir, 'postgres')];
  const server = await startEmbeddedPostgres({
    dataDir,
    fsync: false,
    binaries: { initdb, postgres, share: postgres },
  });
  let databases = 0;
  return {
    binDir,
    async database() {
      databases += 1;
      return await createDatabase(server.url, `system_${databases}`);
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
