import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheck, type Verdict } from '../src/check.ts';
import { chunksOf, packed, unpacked } from '../src/chunk.ts';
import { INVOICE_FAULTS } from '../src/index.ts';
import { lineAt } from '../src/text.ts';
import { bytesOf, fa3, RULES } from './template.ts';

seeded();
const check = createCheck();
const plain = fa3();
const codes = new Set(Object.keys(INVOICE_FAULTS));

describe('whatever the bytes', () => {
  it('random bytes are refused with reasons', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const verdict = check(bytes, RULES);
        expect(verdict.facts).toBeNull();
        expect(verdict.faults.length).toBeGreaterThan(0);
        expectSound(verdict, bytes);
      }),
    );
  });

  it('an invoice with some bytes overwritten gives facts, or faults that say why not', () => {
    const original = bytesOf(plain);
    const edit = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        const bytes = Uint8Array.from(original);
        for (const [at, value] of edits) bytes[at] = value;
        expectSound(check(bytes, RULES), bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('an invoice with a piece cut out, doubled or moved is still judged', () => {
    const at = fc.nat(plain.length);
    fc.assert(
      fc.property(at, at, at, (from, to, target) => {
        const piece = plain.slice(Math.min(from, to), Math.max(from, to));
        const xml = plain.slice(0, target) + piece + plain.slice(target);
        expectSound(check(bytesOf(xml), RULES), bytesOf(xml));
      }),
      { numRuns: 300 },
    );
  });

  it('an invoice with anything typed into a value is judged by that value alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
        const escaped = typed.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
        const bytes = bytesOf(plain.replace(/Chleb[^<]*/, () => escaped));
        const verdict = check(bytes, RULES);
        expectSound(verdict, bytes);
        for (const { line, code } of verdict.faults) {
          const inValue = line === null || line >= 61;
          expect(inValue, code).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('round trips', () => {
  it('packed files come back, in chunks that keep the order', () => {
    const files = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 200 });
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 8 }), (all, threads) => {
        const chunks = chunksOf(
          all.map((bytes) => ({ bytes, deflated: null })),
          threads,
        ).map((chunk) => chunk.map(({ bytes }) => bytes));
        expect(chunks.flat()).toEqual(all);
        for (const chunk of chunks) expect(unpacked(packed(chunk))).toEqual(chunk);
      }),
    );
  });

  it('lines are counted by their line feeds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(lineAt(`${before}\n${after}`, before.length + 1)).toBe(before.split('\n').length + 1);
      }),
    );
  });
});

/** What holds of every verdict: facts or faults, known codes, lines inside the file. */
function expectSound({ facts, faults }: Verdict, bytes: Uint8Array): void {
  expect(facts !== null || faults.length > 0).toBe(true);
  const lines = Buffer.from(bytes).toString('latin1').split('\n').length;
  for (const { code, message, line } of faults) {
    expect(codes.has(code)).toBe(true);
    expect(message).toMatch(/^\S[\s\S]*[.…]$/);
    if (line !== null) {
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(lines);
    }
  }
}
