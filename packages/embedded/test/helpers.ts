import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../src/index.ts';

/** A temporary folder, removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-embedded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let made: Promise<string> | undefined;
afterAll(async () => {
  if (made !== undefined) await rm(await made, { recursive: true, force: true });
});

/** A temporary data folder with a cluster in it: a copy, far quicker than making one, of one that each test file makes. */
export async function madeDataDir(): Promise<string> {
  made ??= makeDataDir();
  const dataDir = await temporaryFolder();
  await cp(await made, dataDir, { recursive: true });
  return dataDir;
}

async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-embedded-'));
  const server = await startEmbeddedPostgres({ dataDir, fsync: false });
  await server.stop();
  return dataDir;
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export interface OtherProcess {
  child: ChildProcess;
  pid: number;
  /** What the process says of its start: `{ url }` or `{ code }`. */
  answer: Record<string, string>;
}

/** A process of its own group that starts a server on `dataDir` and keeps it. */
export async function startInOtherProcess(dataDir: string): Promise<OtherProcess> {
  const script = join(import.meta.dirname, 'server-process.ts');
  const child = spawn(process.execPath, [script, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('the other process did not start');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, pid, answer: JSON.parse(String(line)) };
}

/** Command lines of the running processes that mention `text`. */
export async function processesNaming(text: string): Promise<string[]> {
  if (!existsSync('/proc/self/cmdline')) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}
