import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import { chunksOf, type InvoiceFile, unpacked } from './chunk.ts';
import { fault } from './faults.ts';
import { startPool, type WorkerPool } from './pool.ts';
import type { CheckedInvoice, CheckRules } from './types.ts';
import type { PackAnswer } from './worker.ts';

/** Nothing that may be handed in takes a tenth of this; longer means that the parser hangs. */
const PACK_TIME_MAX_MS = 30_000;
const NOTHING = new Uint8Array();

export interface InvoiceChecker {
  /**
   * One answer per file, in the order given; a bad file never spoils its neighbours. The files are left untouched.
   * Those that came in raw deflate, in `deflated` by their place, are answered with that instead of packed anew.
   * @throws only when the threads cannot run at all, or the checker is closed
   */
  check(
    files: readonly Uint8Array[],
    rules: CheckRules,
    deflated?: readonly (Uint8Array | null)[],
  ): Promise<CheckedInvoice[]>;
  /** Resolves when every thread is started and has its schemas compiled. */
  warm(): Promise<void>;
  /** Ends the threads once they are done with what they have in hand; checks that are not finished by then fail. */
  close(): Promise<void>;
}

export interface CheckerOptions {
  /** Defaults to what the machine has. */
  readonly threads?: number;
  /** Another worker file, for tests. */
  readonly workerFile?: URL;
  readonly packTimeMaxMs?: number;
}

/** A pool of threads that check invoices away from the event loop. */
export function createInvoiceChecker(options: CheckerOptions = {}): InvoiceChecker {
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const pool = startPool({
    threads,
    workerFile: options.workerFile ?? new URL('./worker.ts', import.meta.url),
    packTimeMaxMs: options.packTimeMaxMs ?? PACK_TIME_MAX_MS,
  });
  return {
    check: async (files, rules, deflated = []) => {
      await pool.started;
      const given = files.map((bytes, index) => ({ bytes, deflated: deflated[index] ?? null }));
      const answers = await inTurns(chunksOf(given, threads), threads * 2, (chunk) =>
        checkChunk(chunk, rules, pool),
      );
      return answers.flat();
    },
    warm: () => pool.started,
    close: () => pool.close(),
  };
}

/** When a thread breaks on a chunk, its files are asked one by one, and the one that breaks it again is refused. */
async function checkChunk(
  files: readonly InvoiceFile[],
  rules: CheckRules,
  pool: WorkerPool,
): Promise<CheckedInvoice[]> {
  try {
    return checked(files, await pool.ask(files, rules));
  } catch {
    const answers: CheckedInvoice[] = [];
    for (const file of files) answers.push(await checkAlone(file, rules, pool));
    return answers;
  }
}

/** The empty pack tells a file that breaks threads from threads that cannot run: then the check itself fails. */
async function checkAlone(file: InvoiceFile, rules: CheckRules, pool: WorkerPool): Promise<CheckedInvoice> {
  try {
    const [answer] = checked([file], await pool.ask([file], rules));
    return answer ?? brokeOn(file);
  } catch {
    await pool.ask([], rules);
    return brokeOn(file);
  }
}

function brokeOn({ bytes }: InvoiceFile): CheckedInvoice {
  return {
    sha256: hash('sha256', bytes, 'base64'),
    sizeBytes: bytes.length,
    deflated: NOTHING,
    crc32: crc32(bytes),
    facts: null,
    faults: [fault('CHECK_FAILED', { rule: 'wsad: the check must come to an end' })],
  };
}

function checked(files: readonly InvoiceFile[], { answers, deflated }: PackAnswer): CheckedInvoice[] {
  const made = unpacked(deflated);
  return answers.map((answer, index) => {
    const file = files[index];
    const kept = answer.faults.length === 0 ? (file?.deflated ?? made[index]) : undefined;
    return { ...answer, sizeBytes: file?.bytes.length ?? 0, deflated: kept ?? NOTHING };
  });
}

/**
 * Works through all items, at most `width` at once; answers in the order of the items. A large call has only so many
 * packs in line at a time, and a small one beside it soon has its turn.
 */
async function inTurns<Item, Answer>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) answers[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, run));
  return answers;
}
