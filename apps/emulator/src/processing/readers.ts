/** Who reads the invoices of packages: threads, one for each core, or whoever asks. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { breathe } from '../background.ts';
import { type FilePack, filesOf, newPack, type ReadFile, readFile } from './file-pack.ts';
import { type FormCode, usualForm } from './forms.ts';
import { watchLoading } from './loading.ts';
import type { ReadTask } from './reader-thread.ts';
import type { PackReader } from './reading.ts';
import type { Schemas } from './schemas.ts';
import { usualInvoice } from './usual-invoice.ts';

export type Readers = {
  /** Starts the threads now and lets them practise on the usual form, so that the first package is read like any other. */
  start(): void;
  /** Whether a package is of so many bytes that threads have read it sooner than whoever asks. */
  areWorth(archiveBytes: number): boolean;
  byThreads(form: FormCode): PackReader;
  /** One package at a time: several at once would be read no sooner, and keep more of the machine busy meanwhile. */
  inTurn<T>(unpack: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Beside this file, of the same kind as it: source or built. */
const THREAD = fileURLToPath(new URL(`reader-thread${path.extname(import.meta.url)}`, import.meta.url));

/** What is worked off in the background makes no call wait for its answer. */
const AFTER_ANSWERS = 19;

/** Packages of less than a thousand invoices, or of less than fifty, are read sooner than that is done. */
const STARTED_FOR_BYTES = 300_000;
const HANDED_BYTES = 25_000;

/** With the XSD a file takes ten times as long: smaller packs let all threads have to do with a few hundred of them. */
const PACK_BYTES = 1_000_000;
const XSD_PACK_BYTES = 200_000;
const SMALL_PACK_BYTES = 50_000;

/** After so many V8 has made fast code of what reads them. */
const PRACTICE_FILES = 200;

function practice(): FilePack {
  const file = usualInvoice();
  const pack = newPack(file.length * PRACTICE_FILES);
  for (let place = 0; place < PRACTICE_FILES; place += 1) {
    pack.bytes.set(file, place * file.length);
    pack.lengths.push(file.length);
  }
  return pack;
}

export function createReaders({ xsd }: { xsd: boolean }): Readers {
  const threads = availableParallelism();
  let pool: Piscina<ReadTask, ReadFile[]> | null = null;
  let allLoaded: () => Promise<void> = () => Promise.resolve();
  let before: Promise<unknown> = Promise.resolve();

  function started(): Piscina<ReadTask, ReadFile[]> {
    if (pool !== null) return pool;
    pool = new Piscina({
      filename: THREAD,
      name: 'readPack',
      minThreads: threads,
      maxThreads: threads,
      niceIncrement: AFTER_ANSWERS,
    });
    allLoaded = watchLoading(pool);
    return pool;
  }

  function run(pack: FilePack, form: FormCode): Promise<ReadFile[]> {
    return started().run({ pack, form, xsd });
  }

  return {
    start() {
      for (let thread = 0; thread < threads; thread += 1)
        void run(practice(), usualForm).catch(() => undefined);
    },
    areWorth: (archiveBytes) => archiveBytes >= (pool === null ? STARTED_FOR_BYTES : HANDED_BYTES),
    byThreads: (form) => ({
      packBytes: xsd ? XSD_PACK_BYTES : PACK_BYTES,
      packsAtOnce: threads,
      read: (pack) => run(pack, form),
    }),
    inTurn(unpack) {
      const mine = before.then(unpack);
      before = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await allLoaded();
      await pool?.destroy();
    },
  };
}

/** For packages that are read sooner than they are handed to threads. */
export function readHere(form: FormCode, schemas: Schemas | null): PackReader {
  return {
    packBytes: SMALL_PACK_BYTES,
    packsAtOnce: 1,
    async read(pack) {
      const read: ReadFile[] = [];
      for (const bytes of filesOf(pack)) {
        read.push(readFile(bytes, form, schemas));
        await breathe();
      }
      return read;
    },
  };
}
