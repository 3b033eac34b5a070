/** npm run usual: writes assembly/usual-bits.ts anew, from made invoices. What is stored stays readable whatever comes out. */
import { writeFile } from 'node:fs/promises';
import { invoiceKinds, makeInvoice, makeRrInvoice } from '@wsad/samples';
import { compiled } from './compile.ts';

const SEEDS = 400;
const PER_LINE = 26;

interface Counting {
  readonly memory: WebAssembly.Memory;
  freeFrom(): number;
  count(from: number, to: number): void;
  finish(): number;
  literalSymbols(): number;
  distanceSymbols(): number;
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
const counting = new WebAssembly.Instance(module).exports as unknown as Counting;
const from = counting.freeFrom();
for (const xml of invoices()) {
  const bytes = Buffer.from(xml);
  Buffer.from(counting.memory.buffer, from, bytes.length).set(bytes);
  counting.count(from, from + bytes.length);
}
if (counting.finish() === 0) throw new Error('these counts make no whole codes');
const literals = counting.literalSymbols();
const bits = Array.from({ length: literals + counting.distanceSymbols() }, (_, symbol) =>
  counting.bitsOf(symbol),
);
const text = [
  '// How many bits each symbol has in the usual codes: written by `npm run usual`.',
  table('usualLiteralBits', bits.slice(0, literals)),
  table('usualDistanceBits', bits.slice(literals)),
];
await writeFile(new URL('../assembly/usual-bits.ts', import.meta.url), text.join('\n'));
