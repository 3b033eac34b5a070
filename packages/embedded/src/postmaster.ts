import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ServerUser } from './server-user.ts';

const LAST_LINES = 20;
const FAST_STOP_MS = 10_000;
const IMMEDIATE_STOP_MS = 5_000;

/** What became of an attempt to start. `locked`: the folder still looks held by another server. */
export type Launch =
  | { state: 'ready'; postmaster: Postmaster }
  | { state: 'locked' | 'port-taken' | 'failed'; log: string };

export interface Postmaster {
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends it in an orderly way; several calls are one. */
  stop(): Promise<void>;
}

export interface LaunchOptions {
  postgres: string;
  pgData: string;
  user: ServerUser;
  args: string[];
  onLog: (line: string) => void;
}

/**
 * Starts the server as a child in a process group of its own: Ctrl+C and signals to our group must not end it while we
 * still drain. Settles when it accepts connections or has given up.
 */
export function launch({ postgres, pgData, user, args, onLog }: LaunchOptions): Promise<Launch> {
  const [command = '', ...rest] = [...user.prefix, postgres, '-D', pgData, ...args];
  const child = spawn(command, rest, {
    cwd: pgData,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    detached: true,
    ...user.ids,
  });
  const guard = endWithUs(child);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void exited.then(() => guard.kill('SIGKILL'));
  const last: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      guard.kill('SIGKILL');
      reject(error);
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      onLog(line);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      if (line.includes('database system is ready to accept connections')) {
        resolve({ state: 'ready', postmaster: { exited, stop: stopper(child, exited) } });
      }
    });
    void exited.then(() => resolve({ state: classify(last.join('\n')), log: last.join('\n') }));
  });
}

/** A small shell that ends the server at once when our end of its input closes, which no SIGKILL of us can prevent. */
function endWithUs(server: ChildProcess): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -QUIT "$0"', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => server.kill('SIGQUIT'));
  return guard;
}

function classify(log: string): 'locked' | 'port-taken' | 'failed' {
  if (/lock file ".*postmaster\.pid"|pre-existing shared memory block/.test(log)) return 'locked';
  if (/could not bind IPv4 address|could not create any TCP\/IP sockets/.test(log)) return 'port-taken';
  return 'failed';
}

function stopper(child: ChildProcess, exited: Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= endWithin(child, exited);
    return stopping;
  };
}

/** Fast shutdown (SIGINT), then immediate (SIGQUIT), then by force. */
async function endWithin(child: ChildProcess, exited: Promise<void>): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    child.kill(signal);
    if (await endsWithin(exited, patienceMs)) return;
  }
  child.kill('SIGKILL');
  await exited;
}

async function endsWithin(exited: Promise<void>, patienceMs: number): Promise<boolean> {
  const done = new AbortController();
  const timeUp = once(AbortSignal.timeout(patienceMs), 'abort', { signal: done.signal }).then(
    () => false,
    () => false,
  );
  const ended = await Promise.race([exited.then(() => true), timeUp]);
  done.abort();
  return ended;
}
