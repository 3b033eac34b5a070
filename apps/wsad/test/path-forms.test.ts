import { makeRrInvoice } from '@wsad/samples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from './support/api-client.ts';
import { inOlderForm, invoicesOf, newSeller, sha256Of } from './support/sellers.ts';
import { type System, startSystem, TODAY } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

function rrOf(nip: string, count: number, farmerNip: string): Entry[] {
  return Array.from({ length: count }, (_, seed) => ({
    xml: makeRrInvoice({ nip, farmerNip, number: `RR/${seed + 1}`, issueDate: TODAY, seed }),
  }));
}

describe('forms', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  it.each([
    [6, 'batch'],
    [2, 'interactive'],
  ] as const)(
    "%i FA_RR invoices go as %s in the context of the buyer, registered as the farmer's",
    async (count, kind) => {
      const { api, emulator } = system;
      const [nip, farmerNip] = [newSeller(), newSeller()];
      const entries = rrOf(nip, count, farmerNip);
      await api.putToken(nip);
      const { submissionId, invoices } = await api.submit(nip, entries);
      expect((await api.atRest(submissionId)).byState).toEqual({ cleared: count });
      expect(await api.sessions(nip)).toMatchObject([{ kind, form: 'FA_RR (1)' }]);
      const registered = emulator.control.registry().filter((each) => each.nip === farmerNip);
      expect(registered.map(({ kind: of }) => of)).toEqual(entries.map(() => 'VAT_RR'));
      expect(registered.map(({ sha256 }) => sha256).sort()).toEqual(
        entries.map(({ xml }) => sha256Of(xml)).sort(),
      );
      const first = await api.invoice(invoices[0]?.id ?? '');
      expect(first).toMatchObject({ nip, invoiceNumber: 'RR/1', issueDate: TODAY, upoAvailable: true });
      expect(first.ksefNumber).toMatch(new RegExp(`^${farmerNip}-`));
    },
  );

  it('each form goes in sessions of its own', async () => {
    const { api } = system;
    const nip = newSeller();
    await api.putToken(nip);
    const entries = [
      ...invoicesOf(nip, 6, 'NEW'),
      ...invoicesOf(nip, 2, 'OLD').map((entry) => inOlderForm(entry)),
      ...rrOf(nip, 1, newSeller()),
    ];
    const { submissionId } = await api.submit(nip, entries);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 9 });
    const sessions = await api.sessions(nip);
    expect(sessions.map(({ form, kind }) => `${form} ${kind}`).sort()).toEqual([
      'FA (2) interactive',
      'FA (3) batch',
      'FA_RR (1) interactive',
    ]);
  });

  it("what belongs to the farmer's own context, or to Peppol, is refused with that reason", async () => {
    const { api } = system;
    const [nip, farmerNip] = [newSeller(), newSeller()];
    const pef = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>';
    const { invoices } = await api.submit(farmerNip, [...rrOf(nip, 1, farmerNip), { xml: pef }]);
    expect(invoices.map(({ errors }) => errors[0]?.code)).toEqual(['SELLER_MISMATCH', 'FORM_PEPPOL']);
  });
});
describeWire(wire);
