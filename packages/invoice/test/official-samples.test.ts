import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithOfficialFiles } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import type { FaultCode } from '../src/index.ts';
import { RULES } from './template.ts';

/** Later than the issue date of every sample. */
const rules = { ...RULES, today: '2027-01-01' };

/** Follows the schema, but some of its text was twice encoded: `ś` has become two characters, one discouraged. */
const TWICE_ENCODED = 'ksef-fop__FA_3_Zalacznik_Przyklad_2.xml';

/** What is wrong with each, as the schema sees it: the code, and what a bookkeeper must be told. */
const INVALID: Readonly<Record<string, readonly [FaultCode, number, RegExp]>> = {
  'ksef-fop__FA_3_Przyklad_1.xml': [
    'CONTENT_INVALID',
    138,
    /TerminOpis: text stands where only elements may/,
  ],
  'ksef-fop__FA_3_Przyklad_3.xml': ['VALUE_INVALID', 63, /NrKSeFFaKorygowanej .* should be a KSeF number/],
  'ksef-fop__exemption_a.xml': ['ELEMENT_UNEXPECTED', 3, /expected Naglowek/],
  'ksef-fop__exemption_abc.xml': ['ELEMENT_UNEXPECTED', 3, /expected Naglowek/],
  'ksef-fop__exemption_c.xml': ['ELEMENT_UNEXPECTED', 3, /expected Naglowek/],
  'ksef-fop__minimal.xml': ['ELEMENT_UNEXPECTED', 3, /expected Naglowek/],
  'ksef-fop__obciazenia.xml': ['ELEMENT_UNEXPECTED', 56, /Powod: .*expected Kwota/],
  'ksef-fop__odliczenia.xml': ['ELEMENT_UNEXPECTED', 56, /Powod: .*expected Kwota/],
  'ksef-fop__simplified.xml': ['ELEMENT_UNEXPECTED', 3, /expected Naglowek/],
  'ksefuj__01-missing-p15.xml': ['ELEMENT_MISSING', 34, /Fa has no P_15/],
  'ksefuj__02-wrong-element-order.xml': ['ELEMENT_UNEXPECTED', 37, /P_2 .*expected P_1 \(issue date\)/],
  'ksefuj__03-typo-in-element-name.xml': ['ELEMENT_UNEXPECTED', 14, /Nazw: .*expected Nazwa/],
  'ksefuj__06-foreign-buyer-wrong-tax-rate.xml': [
    'ELEMENT_UNEXPECTED',
    23,
    /country prefix in KodUE before it/,
  ],
  'ksefuj__07-polish-nip-in-nrvatue.xml': ['ELEMENT_UNEXPECTED', 24, /a Polish buyer has a NIP instead/],
  'ksefuj__08-gtu-wrong-format.xml': ['ELEMENT_UNEXPECTED', 70, /<GTU>GTU_01<\/GTU>/],
  'ksefuj__09-excessive-decimal-places.xml': ['VALUE_INVALID', 41, /"1000.123" has more than 2 decimals/],
  'ksefuj__10-selection-logic-violation.xml': ['ELEMENT_UNEXPECTED', 51, /exactly one choice/],
  'ksefuj__11-currency-inconsistency.xml': ['ELEMENT_UNEXPECTED', 44, /WalutaUmowna: .*never PLN/],
  'ksefuj__13-malformed-xml.xml': ['NOT_WELL_FORMED', 70, /<FaWiersz> of line 60 meets <\/Fa>/],
  'ksefuj__14-corrective-invoice-errors.xml': ['VALUE_INVALID', 67, /DIFFERENT-ID" should be a KSeF number/],
  'ksefuj__20-invalid-dates.xml': ['VALUE_INVALID', 38, /"15\/02\/2026" is not a day that exists/],
  'ksefuj__22-invalid-country-codes.xml': ['VALUE_INVALID', 17, /"POL" .*two-letter country code/],
};

describeWithOfficialFiles('the official samples', ({ root }) => {
  const check = createCheck();
  const judged = (kind: string, file: string) => {
    const bytes = readFileSync(join(root, 'samples', kind, file));
    const sellerNip = /Podmiot1>[\s\S]*?NIP>\s*(\d+)/.exec(bytes.toString())?.[1] ?? '';
    return check(bytes, { ...rules, sellerNip });
  };

  describe('that follow the schema', () => {
    const files = readdirSync(join(root, 'samples', 'valid')).filter((file) => file !== TWICE_ENCODED);

    it.each(files)('passes %s', (file) => {
      const { facts, faults } = judged('valid', file);
      expect(faults).toEqual([]);
      expect(facts).toMatchObject({ form: 'FA (3)', issueDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    });

    it('refuses the one with discouraged characters, as KSeF does, and for them alone', () => {
      const { facts, faults } = judged('valid', TWICE_ENCODED);
      expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['DISCOURAGED_CHARACTER']));
      expect(facts?.hasAttachment).toBe(true);
    });
  });

  describe('that do not', () => {
    it.each(readdirSync(join(root, 'samples', 'invalid')))('refuses %s with its reason', (file) => {
      const [code, line, says] = INVALID[file] ?? [];
      expect(judged('invalid', file).faults).toContainEqual(
        expect.objectContaining({ code, line, message: expect.stringMatching(says ?? /^$/) }),
      );
    });
  });
});
