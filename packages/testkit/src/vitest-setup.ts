import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '@wsad/embedded';
import type { TestProject } from 'vitest/node';
import { compileCache } from './compile-cache.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { repoRoot } from './repo-root.ts';
import type { SharedServer } from './servers.ts';

/** Far more than the databases of a run take at any one moment. */
const ROOM_BYTES = 4 * 1024 ** 3;

interface Shared {
  url: string;
  stop(): Promise<void>;
}

/**
 * Vitest's global set-up. Test files run in several processes and share one PostgreSQL and one Redis: this process
 * owns both, starts each when a test first asks for it, and stops them at the end of the run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Else the first `npm start` of a test would build the dashboard, while others read it.
  await promisify(execFile)(process.execPath, [join(repoRoot, 'scripts', 'run.mjs'), 'setup']);
  // For the processes of the test files, and for those which these start.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  const started = new Map<SharedServer, Promise<Shared>>();
  let redisDatabases = 0;
  const urlOf = async (name: SharedServer): Promise<string> => {
    const server = started.get(name) ?? (name === 'postgres' ? sharedPostgres() : sharedRedis());
    started.set(name, server);
    const { url } = await server;
    return name === 'redis' ? `${url}/${redisDatabases++}` : url;
  };
  const broker = createServer((request, response) => {
    urlOf(request.url === '/redis' ? 'redis' : 'postgres').then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const address = broker.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no TCP address');
  project.provide('wsadServers', `http://127.0.0.1:${address.port}`);
  project.provide('wsadSeed', Number(process.env.WSAD_SEED ?? randomInt(2 ** 31)));
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await Promise.all([...started.values()].map(async (server) => (await server).stop()));
  };
}

async function sharedPostgres(): Promise<Shared> {
  const dataDir = await mkdtemp(join(await quickDisk(), 'wsad-postgres-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    fsync: false,
    // A system of three workers with its queue here takes up to 300 by itself, and two test files run at once.
    flags: ['-c', 'max_connections=700'],
  });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}

/** Memory where it has room: thousands of databases come and go, and a disk takes longer over their files than over tests. */
async function quickDisk(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null);
  const hasRoom = memory !== null && memory.bavail * memory.bsize >= ROOM_BYTES;
  return hasRoom ? '/dev/shm' : tmpdir();
}

function sharedRedis(): Promise<RedisServer> {
  return startRedis();
}
