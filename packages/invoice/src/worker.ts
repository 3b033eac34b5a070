import { hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { createCheck } from './check.ts';
import { type PackedFiles, unpacked } from './chunk.ts';
import { deflateInvoice } from './deflate.ts';
import { WORKER_READY } from './ready.ts';
import type { CheckRules, Fault, InvoiceFacts } from './types.ts';

/** What a worker is asked. */
export interface CheckTask {
  readonly files: PackedFiles;
  readonly rules: CheckRules;
}

/** What it answers for one file. */
export interface CheckAnswer {
  readonly sha256: string;
  readonly facts: InvoiceFacts | null;
  readonly faults: readonly Fault[];
  /** Empty for a refused file. */
  readonly deflated: Uint8Array;
}

const NOTHING = new Uint8Array();
const check = createCheck();
parentPort?.postMessage(WORKER_READY);

/**
 * Checks one pack of files. The verdict on a file is never an exception: whatever is thrown means that the parser
 * itself broke, and after that its memory cannot be trusted. So the thread ends, and the pool starts another.
 */
export function checkPack({ files, rules }: CheckTask): CheckAnswer[] {
  try {
    return unpacked(files).map((bytes) => checkFile(bytes, rules));
  } catch {
    process.exit(1);
  }
}

function checkFile(bytes: Uint8Array, rules: CheckRules): CheckAnswer {
  const { facts, faults } = check(bytes, rules);
  const deflated = faults.length === 0 ? deflateInvoice(bytes) : NOTHING;
  return { sha256: hash('sha256', bytes, 'base64'), facts, faults, deflated };
}
