/** The programs of wsad as they ship, each in a process of its own: started, struck, stopped, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from './faults.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PRELOAD = join(import.meta.dirname, 'preload');
/** One that ended by itself is started again after this, as any supervisor would. */
const AGAIN_MS = 500;
const LAST_LINES_BYTES = 4_000;

export interface Plant {
  readonly file: string;
  readonly find: string;
  readonly plant: string;
}

export interface FleetOptions {
  /** The program of each part, relative to the root. */
  readonly programs: ReadonlyMap<Part, string>;
  readonly environmentOf: (part: Part) => Readonly<Record<string, string>>;
  readonly clockFile: (part: Part) => string;
  readonly folder: string;
  readonly plants: readonly Plant[];
}

/** A process that ended without having been asked or killed, once it had begun to work. */
export interface Death {
  readonly part: Part;
  readonly code: number | null;
  readonly last: string;
}

export interface Fleet {
  readonly parts: readonly Part[];
  readonly deaths: readonly Death[];
  start(part: Part): void;
  /** True where there was one to strike. */
  kill(part: Part): boolean;
  pause(part: Part): boolean;
  goOn(part: Part): void;
  terminate(part: Part): Promise<boolean>;
  /** Kills all for good. */
  end(): Promise<void>;
  log(part: Part): string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  asked: boolean;
}

export function createFleet(options: FleetOptions): Fleet {
  const running = new Map<Part, Running>();
  const logs = new Map<Part, Log>([...options.programs.keys()].map((part) => [part, openLog(options, part)]));
  const deaths: Death[] = [];
  let over = false;

  function start(part: Part): void {
    const before = running.get(part);
    // One that was killed may take a moment to be gone.
    if (before?.asked === true) void before.ended.then(() => start(part));
    if (over || before !== undefined) return;
    const program = options.programs.get(part);
    const log = logs.get(part);
    if (program === undefined || log === undefined) return;
    const child = launch(options, part, program);
    const from = log.length();
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', log.write);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const one: Running = { child, ended, asked: false };
    running.set(part, one);
    child.once('close', (code) => {
      running.delete(part);
      if (one.asked || over) return;
      const text = log.since(from);
      if (HAS_BEGUN.test(text)) deaths.push({ part, code, last: text.slice(-LAST_LINES_BYTES) });
      void delay(AGAIN_MS).then(() => start(part));
    });
  }

  function strike(part: Part, signal: NodeJS.Signals, asked: boolean): boolean {
    const one = running.get(part);
    if (one === undefined) return false;
    if (asked) one.asked = true;
    return one.child.kill(signal);
  }

  return {
    parts: [...options.programs.keys()],
    deaths,
    start,
    kill: (part) => strike(part, 'SIGKILL', true),
    pause: (part) => strike(part, 'SIGSTOP', false),
    goOn: (part) => void strike(part, 'SIGCONT', false),
    async terminate(part) {
      const one = running.get(part);
      const struck = strike(part, 'SIGTERM', true);
      await one?.ended;
      return struck;
    },
    async end() {
      over = true;
      const all = [...running.values()];
      for (const { child } of all) child.kill('SIGKILL');
      await Promise.all(all.map(({ ended }) => ended));
      for (const log of logs.values()) log.close();
    },
    log: (part) => logs.get(part)?.text() ?? '',
  };
}

/** What each program says once it works. */
const HAS_BEGUN = /"msg":"(working|the API listens)"|wsad listens on/;

function launch(
  { environmentOf, clockFile, plants }: FleetOptions,
  part: Part,
  program: string,
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const preloads = ['clock.ts', 'keep-compiled.ts', ...(plants.length === 0 ? [] : ['plant.ts'])];
  return spawn(
    process.execPath,
    [...preloads.flatMap((file) => ['--import', join(PRELOAD, file)]), join(ROOT, program)],
    {
      cwd: ROOT,
      // By the channel it notices our own end, however that comes.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH,
        HOME,
        NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'chaos'),
        CHAOS_CLOCK: clockFile(part),
        ...(plants.length === 0 ? {} : { CHAOS_PLANTS: JSON.stringify(plants) }),
        ...environmentOf(part),
      },
    },
  );
}

interface Log {
  readonly write: (bytes: Buffer) => void;
  length(): number;
  since(from: number): string;
  text(): string;
  close(): void;
}

/** Kept in memory for the checker, and in the run's folder for whoever looks into a failure. */
function openLog({ folder }: FleetOptions, part: Part): Log {
  const file: WriteStream = createWriteStream(join(folder, `${part}.log`));
  let text = '';
  return {
    write: (bytes) => {
      text += bytes;
      file.write(bytes);
    },
    length: () => text.length,
    since: (from) => text.slice(from),
    text: () => text,
    close: () => file.end(),
  };
}
