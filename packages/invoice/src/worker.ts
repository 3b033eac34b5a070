import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { deflateRaw } from '@wsad/deflate';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { createCheck } from './check.ts';
import { type PackedFiles, packed, unpacked } from './chunk.ts';
import type { CheckRules, Fault, InvoiceFacts } from './types.ts';

/** What a worker is asked. */
export interface CheckTask {
  readonly files: PackedFiles;
  /** Whether the file comes back deflated. */
  readonly deflate: readonly boolean[];
  readonly rules: CheckRules;
}

/** What it answers for one file. */
export interface CheckAnswer {
  readonly sha256: string;
  readonly crc32: number;
  readonly facts: InvoiceFacts | null;
  readonly faults: readonly Fault[];
}

export interface PackAnswer {
  readonly answers: readonly CheckAnswer[];
  /** Empty for a refused file, and for one that was not to be deflated. */
  readonly deflated: PackedFiles;
}

const NOTHING = new Uint8Array();
const check = createCheck();
// A thread that gets no memory for it must not load: later it would be taken for one that an invoice has broken.
deflateRaw(NOTHING);

/**
 * Checks one pack of files. The verdict on a file is never an exception: whatever is thrown means that the parser
 * itself broke, and after that its memory cannot be trusted. So the thread ends, and the pool starts another.
 */
export function checkPack({ files, deflate, rules }: CheckTask): unknown {
  try {
    const all = unpacked(files);
    const answers = all.map((bytes) => checkFile(bytes, rules));
    const isKept = (index: number) => deflate[index] === true && answers[index]?.faults.length === 0;
    const deflated = packed(all.map((bytes, index) => (isKept(index) ? deflateRaw(bytes) : NOTHING)));
    return handedOver({ answers, deflated });
  } catch {
    process.exit(1);
  }
}

/** Its bytes change hands instead of being copied; piscina takes the wrapping off. */
function handedOver(answer: PackAnswer): unknown {
  return move({ [transferableSymbol]: [answer.deflated.bytes.buffer], [valueSymbol]: answer });
}

function checkFile(bytes: Uint8Array, rules: CheckRules): CheckAnswer {
  return { sha256: hash('sha256', bytes, 'base64'), crc32: crc32(bytes), ...check(bytes, rules) };
}
