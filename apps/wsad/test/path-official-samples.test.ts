import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithOfficialFiles, type OfficialFiles } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry } from './support/api-client.ts';
import { consentToAttachments } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { newSeller } from './support/sellers.ts';
import { type System, startSystem, TODAY } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

interface Sample {
  readonly file: string;
  readonly nip: string;
  readonly xml: string;
}

function samples(files: OfficialFiles, folder: 'valid' | 'invalid', which: RegExp): Sample[] {
  const root = join(files.root, 'samples', folder);
  return readdirSync(root)
    .filter((file) => which.test(file))
    .sort()
    .map((file) => {
      const xml = readFileSync(join(root, file), 'utf8');
      const seller = /<Podmiot1>.*?<NIP>(\d{10})<\/NIP>/s.exec(xml);
      return { file, nip: seller?.[1] ?? newSeller(), xml };
    });
}

/** The examples share a few numbers, and KSeF takes each once; one dated ahead would only wait for its day. */
function withOwnNumber({ xml }: Sample, place: number): Entry {
  const numbered = xml.replace(/<P_2>[^<]*<\/P_2>/, `<P_2>EX/${place + 1}</P_2>`);
  return {
    xml: numbered.replace(/<P_1>([^<]*)<\/P_1>/, (field, day: string) =>
      day > TODAY ? `<P_1>${TODAY}</P_1>` : field,
    ),
  };
}

describeWithOfficialFiles("the Ministry's own examples", (files) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', wire });
  });
  afterAll(() => system.close());

  it('are all accepted and cleared, each with a number of its own', async () => {
    const { api, emulator } = system;
    const examples = samples(files, 'valid', /^ksefuj__Fa_3_Przyklad_\d+\.xml$/i);
    expect(examples).toHaveLength(26);
    const bySeller = Map.groupBy(
      examples.map(withOwnNumber).map((entry, place) => ({ entry, place })),
      ({ place }) => examples[place]!.nip,
    );
    for (const [nip, ofSeller] of bySeller) {
      const entries = ofSeller.map(({ entry }) => entry);
      await consentToAttachments(system, nip);
      await api.putToken(nip);
      const answer = await api.submit(nip, entries);
      expect(answer.invoices.flatMap(({ errors }) => errors)).toEqual([]);
      expect((await api.atRest(answer.submissionId)).byState).toEqual({ cleared: entries.length });
      await expectRegisteredOnce(system, nip, entries);
    }
    expect(emulator.control.stats()).toMatchObject({ registered: 26, rateLimited: 0 });
  });

  it.each(samples(files, 'invalid', /\.xml$/))(
    '$file is refused with a reason to act on',
    async ({ nip, xml }) => {
      const { invoices } = await system.api.submit(nip, [{ xml }]);
      expect(invoices).toMatchObject([{ id: null, state: 'refused' }]);
      const errors = invoices.flatMap((invoice) => invoice.errors);
      for (const { code, message } of errors) {
        expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
        expect(message).toMatch(/\w.{15,}\.$/);
      }
      // What is missing altogether has no line; what stands wrongly in its place has.
      expect(errors.filter(({ line }) => line !== null && line > 0)).not.toEqual([]);
    },
  );
});
describeWire(wire);
