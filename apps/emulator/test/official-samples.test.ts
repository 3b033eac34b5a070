import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import { at, call, invoicesOf, listAt, logIn, packageOf, sendBatch } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { official, officialFilesMissing, officialNames } from './support/official-files.ts';

describe.skipIf(officialFilesMissing)('the official example invoices (need the official files)', () => {
  const harness = useEmulator();

  type Sample = { name: string; nip: string; xml: string };

  function samples(folder: string): Sample[] {
    return officialNames(folder).map((file) => {
      const xml = official(file)
        .toString('utf8')
        .replace(/^\ufeff/, '');
      return { name: path.basename(file), nip: /<(?:\w+:)?NIP>(\d{10})</.exec(xml)?.[1] ?? '', xml };
    });
  }

  /** Sends every sample under its own seller, with a number of its own, and answers verdicts by file name. */
  async function verdicts(all: Sample[]): Promise<Map<string, unknown>> {
    harness.clock.set('2027-06-01T10:00:00Z');
    const found = new Map<string, unknown>();
    for (const [nip, own] of Map.groupBy(all, (sample) => sample.nip)) {
      const { access: token } = await logIn(harness, nip);
      await call(harness, 'POST', '/testdata/attachment', { body: { nip } });
      const files = own.map(({ name, xml }, place) => ({
        name: `${place}.xml`,
        label: name,
        content: xml.replace(/(<(?:\w+:)?P_2>)[^<]*/, `$1No ${name}`),
      }));
      const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz(files)));
      for (const invoice of await invoicesOf(harness, token, reference)) {
        const file = files.find(({ name }) => name === at(invoice, 'invoiceFileName'));
        found.set(file?.label ?? '', invoice);
      }
    }
    return found;
  }

  /** Its text went through a wrong decoder once: the XSD does not mind, the rule on Unicode does. */
  const garbled = 'ksef-fop__FA_3_Zalacznik_Przyklad_2.xml';

  test('all valid ones are accepted, but for one that holds discouraged characters', async () => {
    const all = samples('samples/valid').filter(({ nip }) => nip !== '');
    expect(all.length).toBeGreaterThan(50);
    const refused = [...(await verdicts(all))].filter(([, invoice]) => at(invoice, 'status.code') !== 200);
    expect(refused.map(([name, invoice]) => [name, at(invoice, 'status.details')])).toEqual([
      [garbled, ['Plik zawiera niedozwolone znaki Unicode.']],
    ]);
  });

  test('the metadata of each tell the amount in its XML', async () => {
    const all = samples('samples/valid').filter(({ nip }) => nip !== '');
    const dateRange = {
      dateType: 'PermanentStorage',
      from: '2027-05-01T00:00:00Z',
      to: '2027-07-01T00:00:00Z',
    };
    let told = 0;
    for (const nip of new Set(all.map((sample) => sample.nip))) {
      const { access: token } = await logIn(harness, nip);
      const body = { subjectType: 'Subject1', dateRange };
      const path = '/invoices/query/metadata?pageSize=250';
      for (const metadata of listAt((await call(harness, 'POST', path, { token, body })).body, 'invoices')) {
        const sample = all.find(({ name }) => at(metadata, 'invoiceNumber') === `No ${name}`);
        const gross = /<(?:\w+:)?P_15>([^<]*)</.exec(sample?.xml ?? '')?.[1];
        expect([sample?.name, at(metadata, 'grossAmount')]).toEqual([sample?.name, Number(gross)]);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(50);
  });

  test('all invalid ones are refused with a reason', async () => {
    const all = samples('samples/invalid').map((sample) => ({ ...sample, nip: sample.nip || '5260001572' }));
    const found = await verdicts(all);
    expect(found.size).toBe(all.length);
    for (const invoice of found.values()) {
      expect([430, 450]).toContain(at(invoice, 'status.code'));
      expect(at(invoice, 'status.details.0')).toBeTruthy();
    }
  });
});
