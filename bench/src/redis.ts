/** A Redis of the benchmark's own, as the queue in production is on one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findFreePort } from '@wsad/embedded';

export interface BenchRedis {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Null where no redis-server is installed: the queue is then in PostgreSQL. */
export async function startRedis(dir: string): Promise<BenchRedis | null> {
  const port = await findFreePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const failed = once(child, 'error').then(() => null);
  const ready = untilReady(child).then(() => ({ url: `redis://127.0.0.1:${port}`, process: child }));
  return await Promise.race([failed, ready]);
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('a process without an output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready to accept connections')) continue;
    // Read on: a full pipe would stop the process.
    child.stdout.resume();
    return;
  }
  // What could not be started at all has said so elsewhere.
  await new Promise(() => {});
}
