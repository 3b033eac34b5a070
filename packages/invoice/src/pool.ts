import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { type InvoiceFile, packed } from './chunk.ts';
import { watchLoading } from './loading.ts';
import type { CheckRules } from './types.ts';
import type { CheckTask, PackAnswer } from './worker.ts';

export interface PoolOptions {
  readonly threads: number;
  readonly workerFile: URL;
  /** After this a thread that is still at work counts as hanging, and is ended. */
  readonly packTimeMaxMs: number;
}

export interface WorkerPool {
  /** Resolves when every thread has loaded its file; rejects when one cannot. */
  readonly started: Promise<void>;
  /**
   * The answers for one pack of files. The files are copied into one buffer, which is handed over.
   * @throws when the thread broke or hung on it (another takes its place then), or the pool is closed
   */
  ask(files: readonly InvoiceFile[], rules: CheckRules): Promise<PackAnswer>;
  close(): Promise<void>;
}

export function startPool({ threads, workerFile, packTimeMaxMs }: PoolOptions): WorkerPool {
  const pool = new Piscina<CheckTask, PackAnswer>({
    filename: fileURLToPath(workerFile),
    name: 'checkPack',
    minThreads: threads,
    maxThreads: threads,
  });
  const loading = watchLoading(pool);
  const inSlot = createSlots(threads);
  let closing: Promise<void> | null = null;

  async function endThreads(): Promise<void> {
    await loading.over();
    await pool.close();
  }

  return {
    started: loading.started,
    ask: (files, rules) =>
      inSlot(async () => {
        if (closing !== null) throw new Error('the invoice checker is closed');
        const task: CheckTask = {
          files: packed(files.map(({ bytes }) => bytes)),
          deflate: files.map(({ deflated }) => deflated === null),
          rules,
        };
        const signal = AbortSignal.timeout(packTimeMaxMs);
        return pool.run(task, { transferList: [task.files.bytes.buffer], signal });
      }),
    close() {
      closing ??= endThreads();
      return closing;
    },
  };
}

/**
 * As many packs are handed to the pool as it has threads, so that each is begun at once: time spent waiting must not
 * count as time spent hanging.
 */
function createSlots(count: number): <Answer>(work: () => Promise<Answer>) => Promise<Answer> {
  const waiting: (() => void)[] = [];
  let free = count;
  const release = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      release();
    }
  };
}
