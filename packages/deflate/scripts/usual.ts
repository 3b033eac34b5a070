/** npm run usual: writes assembly/usual-bits.ts anew, from made invoices. What is stored stays readable whatever comes out. */
import { writeFile } from 'node:fs/promises';
import { invoiceKinds, makeInvoice, makeRrInvoice } from '@wsad/samples';
import { compiled } from './compile.ts';

const SEEDS = 400;
const LITERAL_SYMBOLS = 286;
const SYMBOLS = LITERAL_SYMBOLS + 30;
const PER_LINE = 26;

interface Counting {
  readonly memory: WebAssembly.Memory;
  freeFrom(): number;
  count(from: number, to: number): void;
  bitsOf(symbol: number): number;
}

function invoices(): string[] {
  return Array.from({ length: SEEDS }, (_, seed) => {
    const facts = { nip: '5265877635', number: `FV/${seed}/2026`, issueDate: '2026-11-27', seed };
    return [
      makeInvoice({ ...facts, kind: invoiceKinds[seed % invoiceKinds.length] ?? 'VAT' }),
      makeRrInvoice(facts),
    ];
  }).flat();
}

function table(name: string, bits: readonly number[]): string {
  const lines = bits
    .map((_, at) => bits.slice(at, at + PER_LINE))
    .filter((_, at) => at % PER_LINE === 0)
    .map((line) => `  ${line.join(', ')},`);
  return `export const ${name}: usize = memory.data<u8>([\n${lines.join('\n')}\n]);\n`;
}

const module = new WebAssembly.Module(await compiled('assembly/index.ts', 'assembly/counting.ts'));
const { memory, freeFrom, count, bitsOf } = new WebAssembly.Instance(module).exports as unknown as Counting;
for (const xml of invoices()) {
  const bytes = Buffer.from(xml);
  Buffer.from(memory.buffer, freeFrom(), bytes.length).set(bytes);
  count(freeFrom(), freeFrom() + bytes.length);
}
const bits = Array.from({ length: SYMBOLS }, (_, symbol) => bitsOf(symbol));
const text = [
  '// How many bits each symbol has in the usual codes: written by `npm run usual`.',
  table('usualLiteralBits', bits.slice(0, LITERAL_SYMBOLS)),
  table('usualDistanceBits', bits.slice(LITERAL_SYMBOLS)),
];
await writeFile(new URL('../assembly/usual-bits.ts', import.meta.url), text.join('\n'));
