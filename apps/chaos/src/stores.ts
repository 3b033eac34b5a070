/** A lane's own PostgreSQL and Redis: real servers that can be killed, stopped and emptied, and come back in their place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type EmbeddedPostgres, findFreePort, startEmbeddedPostgres } from '@wsad/embedded';
import { createLedger } from '@wsad/ledger';
import { Client } from 'pg';

export interface Stores {
  readonly postgres: Postgres;
  readonly redis: RedisStore;
  close(): Promise<void>;
}

export interface Postgres {
  readonly port: number;
  /** A fresh ledger, migrated already; its address. */
  database(name: string): Promise<string>;
  /** Holds the shift of its clock, in milliseconds. */
  clockFile(name: string): string;
  drop(name: string): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface RedisStore {
  readonly port: number;
  /** Answers whether there was one to empty. */
  flush(): Promise<boolean>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function openStores(): Promise<Stores> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-chaos-postgres-'));
  const postgres = await openPostgres(dataDir);
  const redis = await openRedis();
  return {
    postgres,
    redis,
    async close() {
      await Promise.all([postgres.stop(), redis.kill()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const TEMPLATE = 'ledger_template';

async function openPostgres(dataDir: string): Promise<Postgres> {
  const port = await findFreePort();
  // Without fsync a kill loses nothing, only a power cut would. Whole pages are logged, since a kill may tear one.
  const flags = ['-c', 'full_page_writes=on', '-c', 'max_connections=200'];
  const launch = () => startEmbeddedPostgres({ dataDir, port, flags, fsync: false });
  let server: EmbeddedPostgres = await launch();
  await prepareTemplate(server.url);
  return {
    port,
    async database(name) {
      await query(server.url, `create database ${name} template ${TEMPLATE} strategy file_copy`);
      // Ahead of PostgreSQL's own, so that its clock is the one that the run moves.
      await query(server.url, `alter database ${name} set search_path = public, chaos, pg_catalog`);
      return addressOf(server.url, name);
    },
    clockFile: (name) => join(dataDir, 'cluster', 'data', clockName(name)),
    drop: (name) => query(server.url, `drop database if exists ${name} with (force)`),
    async kill() {
      const pidFile = join(dataDir, 'cluster', 'data', 'postmaster.pid');
      const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
      process.kill(pid, 'SIGKILL');
      await server.exited;
    },
    stop: () => server.stop(),
    async start() {
      server = await launch();
    },
  };
}

function clockName(database: string): string {
  return `clock-${database}`;
}

const CLOCK = `
  create schema chaos;
  create function chaos.clock_timestamp() returns timestamptz language sql as $$
    select pg_catalog.clock_timestamp()
      + pg_read_file('${clockName('')}' || current_database())::float8 * interval '1 millisecond'
  $$`;

async function prepareTemplate(serverUrl: string): Promise<void> {
  await query(serverUrl, `create database ${TEMPLATE}`);
  const ledger = createLedger({ databaseUrl: addressOf(serverUrl, TEMPLATE), vaultKey: randomBytes(32) });
  await ledger.migrate();
  await ledger.close();
  await query(addressOf(serverUrl, TEMPLATE), CLOCK);
}

function addressOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function openRedis(): Promise<RedisStore> {
  const port = await findFreePort();
  let server = await launchRedis(port);
  return {
    port,
    flush: () => flushAll(port),
    async kill() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'close');
    },
    async start() {
      server = await launchRedis(port);
    },
  };
}

async function launchRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('redis-server is not on the PATH')));
    child.once('close', () => reject(new Error(`redis-server did not start on port ${port}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

/** Answers whether it did: one that another fault has killed meanwhile has nothing left to be emptied of. */
async function flushAll(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  socket.on('error', () => {});
  socket.write('FLUSHALL\r\nQUIT\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  if (answer !== '' && !answer.startsWith('+OK')) throw new Error(`Redis answered ${answer}`);
  return answer !== '';
}
