/** A whole wsad as `npm start` runs it, on a database and a Redis of its own, with the emulator in a process of its own as KSeF. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startRedis } from './redis.ts';

const MAIN = fileURLToPath(new URL('../../apps/wsad/src/main.ts', import.meta.url));
const EMULATOR = fileURLToPath(new URL('../../apps/emulator/src/main.ts', import.meta.url));

/**
 * All that the emulator was ever sent stays in its memory. With V8's usual heap it stops every few hundred milliseconds for
 * 20 to 50 of them to move that about, and whoever calls it waits: a young generation that is soon gone through stops it
 * for less than 10, and an old one that has room for all of a run is not gone through at all.
 */
const EMULATOR_HEAP = ['--max-semi-space-size=4', '--initial-old-space-size=2000'];

export interface BenchSystem {
  /** One call of wsad's API as administrator; what is not answered well throws. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Where the queue is: in Redis as in production, unless none is installed here. */
  readonly queue: 'redis' | 'postgres';
  /** Answers 429 of KSeF so far. */
  rateLimited(): Promise<number>;
  stop(): Promise<void>;
}

/** `realistic`: the emulator takes the time that the Ministry says KSeF takes on average; `instant`: what it needs itself. */
export type KsefSpeed = 'instant' | 'realistic';

/** The emulator leaves XSD alone, and as a rule answers at once, so that as little as can be is its cost. */
export async function startSystem(speed: KsefSpeed = 'instant'): Promise<BenchSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-bench-'));
  const running: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of running.reverse()) await ended(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const emulator = launch([...EMULATOR_HEAP, EMULATOR, '--port', '0', '--speed', speed, '--no-xsd'], {});
    running.push(emulator);
    const ksef = new URL(await addressIn(emulator));
    const redis = await startRedis(dataDir);
    if (redis !== null) running.push(redis.process);
    const adminToken = `wsad_bench_${randomBytes(12).toString('hex')}`;
    const wsad = launch([MAIN], {
      KSEF_BASE_URL: `${ksef.origin}/v2`,
      WSAD_DATA_DIR: dataDir,
      ADMIN_TOKEN: adminToken,
      API_PORT: '0',
      WSAD_LOG_LEVEL: 'warn',
      ...(redis === null ? {} : { QUEUE_URL: redis.url }),
    });
    running.push(wsad);
    const api = new URL(await addressIn(wsad)).origin;
    return {
      queue: redis === null ? 'postgres' : 'redis',
      call: (method, path, body) => call(api, adminToken, method, path, body),
      rateLimited: () => rateLimited(ksef.origin),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(args: readonly string[], settings: Readonly<Record<string, string>>) {
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: settings,
  });
}

/** The first address that the process names. */
async function addressIn(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('a process without an output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = /http:\/\/[^\s/]+/.exec(line) ?? [];
    if (address === undefined) continue;
    // Read on: a full pipe would stop the process.
    child.stdout.resume();
    return address;
  }
  throw new Error('the process ended before it listened');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function call(
  api: string,
  adminToken: string,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}

const stats = z.object({ rateLimited: z.number() });

async function rateLimited(emulator: string): Promise<number> {
  const response = await fetch(`${emulator}/_emulator/stats`);
  return stats.parse(await response.json()).rateLimited;
}
