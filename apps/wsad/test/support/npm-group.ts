/** `npm <script>` as a user runs it: a real process group, watched from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { compileCache, eventually, repoRoot } from '@wsad/testkit';
import { onTestFinished } from 'vitest';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface NpmGroup {
  /** Of npm, and of the group. */
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly output: () => string;
  readonly stdout: () => string;
  /** The first group of the pattern, once the output matches; throws when the process ends without. */
  saying(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals, to: 'npm' | 'group'): void;
}

/** Nothing of the machine's own settings reaches the process: only PATH, HOME and what is given. */
export function startNpm(script: string, args: readonly string[], env: Record<string, string>): NpmGroup {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('npm', ['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: repoRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('npm could not be started');
  const stdout = gather(child.stdout);
  const output = gather(child.stdout, child.stderr);
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  onTestFinished(() => killGroup(pid));
  return {
    pid,
    ended,
    output,
    stdout,
    async saying(pattern) {
      const found = await eventually(
        () => pattern.exec(output())?.[1] ?? (over ? { endedWith: output() } : null),
        { what: `${pattern} of npm run ${script}`, timeoutMs: 60_000 },
      );
      if (typeof found !== 'string') throw new Error(`npm run ${script} ended saying: ${found.endedWith}`);
      return found;
    },
    signal: (signal, to) => process.kill(to === 'group' ? -pid : pid, signal),
  };
}

function gather(...streams: Readable[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}

/** Running processes of the group, or whose command line matches; none where there is no /proc. */
export async function processesOf(group: number, command?: RegExp): Promise<string[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => runningProcess(pid)));
  return found
    .filter((process) => process !== null)
    .filter((process) => process.group === group || command?.test(process.command) === true)
    .map((process) => `${process.pid} ${process.command}`);
}

/** Null for one that has ended, reaped or not. */
async function runningProcess(pid: string): Promise<{ pid: string; group: number; command: string } | null> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const stat = await read('stat');
  // "pid (name) state ppid pgrp …", where the name may hold spaces and brackets
  const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === '' || state === 'Z' || state === 'X') return null;
  return { pid, group: Number(group), command: (await read('cmdline')).replaceAll('\0', ' ').trim() };
}
