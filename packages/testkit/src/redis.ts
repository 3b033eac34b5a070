import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from '@wsad/embedded';
import { describeWhere } from './official-files.ts';
import { servers } from './servers.ts';

const MISSING =
  'redis-server is not on the PATH: install it (Debian, Ubuntu: apt-get install -y redis-server; macOS: brew install redis)';

export interface RedisServer {
  url: string;
  port: number;
  /** SIGKILL: what was not on disk is gone. Awaited. */
  kill(): Promise<void>;
  /** SIGTERM, awaited. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** A free one by default. Give the port of a killed server to bring it back in the same place. */
  port?: number;
  /** Where it keeps its files; a temporary folder, removed at the end, by default. */
  dir?: string;
  /** Further arguments; by default nothing is written to disk. */
  args?: string[];
}

/** Starts a redis-server of the caller's own on 127.0.0.1. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await findFreePort());
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'wsad-redis-')));
  const persistence = options.args ?? ['--save', '', '--appendonly', 'no'];
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--databases', '1024', ...persistence],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error(MISSING)));
    void exited.then(() => reject(new Error(`redis-server ended before it was ready (port ${port})`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

export interface TestRedis {
  url: string;
  /** Empties this caller's database alone. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * An empty database of its own (by number) on the one Redis server that the test run shares. Files that run at
 * once do not see each other's keys; pub/sub channels they do share.
 */
export async function testRedis(): Promise<TestRedis> {
  const url = await servers('redis');
  const flush = () => flushDatabase(new URL(url));
  return { url, flush, stop: flush };
}

/** A suite that needs Redis: skipped by name where the binary is missing, failing there under CI=true. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeWhere(name, 'redis-server binary', findRedis, suite);
}

function findRedis(): true | null {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  if (process.env.CI === 'true') throw new Error(MISSING);
  return null;
}

/** Redis' inline commands are enough for this; no client is needed. */
function flushDatabase({ hostname, port, pathname }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () =>
      answer.startsWith('+OK\r\n+OK') ? resolve() : reject(new Error(`Redis answered ${answer}`)),
    );
    socket.write(`SELECT ${pathname.slice(1)}\r\nFLUSHDB\r\nQUIT\r\n`);
  });
}
