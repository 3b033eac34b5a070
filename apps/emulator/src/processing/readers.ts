/** Threads that read the invoices of large packages, one for each core. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Content } from './content.ts';
import type { FormCode } from './forms.ts';
import type { ReadTask } from './reader-thread.ts';

export type Readers = {
  /** How many packs are read at once. */
  readonly threads: number;
  /** Starts the threads now, so that no package has to wait for them. */
  start(): void;
  read(files: readonly Buffer[], form: FormCode): Promise<Content[]>;
  close(): Promise<void>;
};

/** Beside this file, of the same kind as it: source or built. */
const THREAD = fileURLToPath(new URL(`reader-thread${path.extname(import.meta.url)}`, import.meta.url));

/** What is worked off in the background makes no call wait for its answer. */
const AFTER_ANSWERS = 10;

export function createReaders({ xsd }: { xsd: boolean }): Readers {
  const threads = availableParallelism();
  let pool: Piscina<ReadTask, Content[]> | null = null;

  function started(): Piscina<ReadTask, Content[]> {
    pool ??= new Piscina({
      filename: THREAD,
      name: 'readFiles',
      minThreads: threads,
      maxThreads: threads,
      niceIncrement: AFTER_ANSWERS,
    });
    return pool;
  }

  return {
    threads,
    start: () => void started(),
    read: (files, form) => started().run({ files, form, xsd }),
    close: async () => pool?.destroy(),
  };
}
