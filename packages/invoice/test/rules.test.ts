import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { INVOICE_FAULTS } from '../src/index.ts';
import { refusalsOfFiles } from './refusals-of-files.ts';
import { refusalsOfInvoices } from './refusals-of-invoices.ts';
import { bytesOf, RULES } from './template.ts';

const check = createCheck();
const refusals = [...refusalsOfFiles, ...refusalsOfInvoices];

describe('every rule refuses its own sample, and names it', () => {
  it.each(refusals)('$name: $code', ({ file, code, line, says, rules = RULES }) => {
    const { faults } = check(typeof file === 'string' ? bytesOf(file) : file, rules);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code, line, message: expect.stringMatching(says) });
    expect(faults[0]?.rule).toMatch(/^(KSeF|wsad|XML 1\.0|FA \([23]\) schema): /);
  });

  it('leaves no code without a sample', () => {
    const elsewhere = ['DOCTYPE', 'DISCOURAGED_CHARACTER', 'MORE_SCHEMA_FAULTS', 'CHECK_FAILED'];
    const covered = new Set([...refusals.map(({ code }) => code), ...elsewhere]);
    expect([...covered].sort()).toEqual(Object.keys(INVOICE_FAULTS).sort());
  });
});
