/** The API as it is shipped, in a process of its own, over a PostgreSQL of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const API = fileURLToPath(new URL('../../../apps/api/src/main.ts', import.meta.url));
const ADMIN_TOKEN = 'administrator-token-of-the-bench';
/** One for all of them: a ledger is held to its key. */
const VAULT_KEY = randomBytes(32).toString('base64');

const listening = z.object({ url: z.string() });

export interface ApiProcess {
  readonly url: string;
  readonly token: string;
  /** The most memory it has held so far; null where the system does not tell. */
  peakBytes(): Promise<number | null>;
  close(): Promise<void>;
}

export async function startApiProcess(databaseUrl: string): Promise<ApiProcess> {
  const child = spawn(process.execPath, [API], {
    env: { DATABASE_URL: databaseUrl, VAULT_KEY, ADMIN_TOKEN, API_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await urlOf(child);
  return {
    url,
    token: ADMIN_TOKEN,
    peakBytes: () => peakBytesOf(child.pid ?? 0),
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** From the log line that says so; the lines that follow are read and dropped. */
function urlOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the API ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = listening.safeParse(JSON.parse(line));
      if (said.success) resolve(said.data.url);
    });
  });
}

async function peakBytesOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
