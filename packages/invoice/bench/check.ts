/** How many invoices a second: the schema alone, the whole check in this thread, and through the pool. */
import { hash } from 'node:crypto';
import { XmlDocument } from 'libxml2-wasm';
import { createCheck } from '../src/check.ts';
import { deflateInvoice } from '../src/deflate.ts';
import { createInvoiceChecker } from '../src/index.ts';
import { compileSchemas } from '../src/schema/compile.ts';
import { bytesOf, fa3, RULES } from '../test/template.ts';

const COUNT = 6000;
const ROUNDS = 3;

/** 1 to 17 lines, 4 kB in the middle: as large as the Ministry's examples. */
const invoices = Array.from({ length: COUNT }, (_, index) =>
  bytesOf(fa3({ number: `FV/${index}`, lines: 1 + (index % 17) })),
);
const schema = compileSchemas().get('FA (3)');
const check = createCheck();

function rawSchemaCheck(): void {
  for (const bytes of invoices) {
    const document = XmlDocument.fromBuffer(bytes);
    schema?.validate(document);
    document.dispose();
  }
}

function wholeCheckHere(): void {
  for (const bytes of invoices) {
    const { faults } = check(bytes, RULES);
    if (faults.length > 0) throw new Error(faults[0]?.message);
    hash('sha256', bytes, 'base64');
    deflateInvoice(bytes);
  }
}

const checkers = [1, 2].map((threads) => ({ threads, checker: createInvoiceChecker({ threads }) }));
const runs: (readonly [string, () => unknown])[] = [
  ['parse + XSD, this thread', rawSchemaCheck],
  ['whole check + SHA-256 + deflate, this thread', wholeCheckHere],
  ...checkers.map(
    ({ threads, checker }) =>
      [`whole check, pool of ${threads}`, () => checker.check(invoices, RULES)] as const,
  ),
];
const best = new Map<string, number>();
for (const { checker } of checkers) await checker.warm();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of runs) {
    const startedAt = performance.now();
    await run();
    const perSecond = COUNT / ((performance.now() - startedAt) / 1000);
    best.set(name, Math.max(best.get(name) ?? 0, perSecond));
  }
}
for (const { checker } of checkers) await checker.close();
const bytes = invoices.reduce((sum, invoice) => sum + invoice.length, 0);
process.stdout.write(`${COUNT} invoices, ${Math.round(bytes / COUNT)} bytes each, best of ${ROUNDS}\n`);
for (const [name, perSecond] of best) {
  process.stdout.write(`${Math.round(perSecond).toString().padStart(7)}/s  ${name}\n`);
}
