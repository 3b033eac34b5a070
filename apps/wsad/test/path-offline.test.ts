import { addDays } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentToAttachments, registerElsewhere } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoiceOf, invoicesOf, newSeller, sha256Of } from './support/sellers.ts';
import { type System, startSystem, TODAY } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const OFFLINE = '?offline=true';

describe('offline invoices', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  async function loggedIn(): Promise<string> {
    const nip = newSeller();
    await system.api.putToken(nip);
    return nip;
  }

  it.each([
    [6, 'batch'],
    [2, 'interactive'],
  ] as const)('%i of them go as %s and come back as Offline, without a warning', async (count, kind) => {
    const { api, emulator } = system;
    const nip = await loggedIn();
    const entries = invoicesOf(nip, count, 'OFF');
    const { submissionId, invoices } = await api.submit(nip, entries, OFFLINE);
    const { byState, sessions } = await api.atRest(submissionId);
    expect(byState).toEqual({ cleared: count });
    expect(sessions).toMatchObject([{ kind }]);
    const told = await expectRegisteredOnce(system, nip, entries);
    expect(told.map(({ invoicingMode }) => invoicingMode)).toEqual(entries.map(() => 'Offline'));
    const registered = emulator.control.registry().filter((each) => each.nip === nip);
    expect(registered.map(({ mode }) => mode)).toEqual(entries.map(() => 'Offline'));
    expect((await api.invoice(invoices[0]?.id ?? '')).warnings).toEqual([]);
  });

  it.each([6, 1])('an online one of %i that comes back as Offline raises an alarm', async (count) => {
    const { api, events } = system;
    const nip = await loggedIn();
    const late = invoiceOf(nip, 'LATE', { issueDate: addDays(TODAY, -1) });
    const { submissionId, invoices } = await api.submit(nip, [late, ...invoicesOf(nip, count - 1, 'ON')]);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: count });
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({
      invoicingMode: 'Offline',
      warnings: [{ code: 'MARKED_OFFLINE' }],
    });
    const alarms = events.filter((event) => event.type === 'invoice.markedOffline' && event.nip === nip);
    expect(alarms).toMatchObject([{ count: 1 }]);
  });

  it('a refused one is corrected technically, interactively whatever their number', async () => {
    const { api } = system;
    const nip = await loggedIn();
    await consentToAttachments(system, nip);
    // KSeF has these numbers already, so it refuses what comes under them again.
    const numbers = Array.from({ length: 6 }, (_, index) => `TAKEN/${index + 1}`);
    for (const number of numbers)
      await registerElsewhere(system, nip, invoiceOf(nip, number, { seed: 9 }).xml);
    // The calls of the other program count in the same windows of KSeF.
    system.advance(60_000);
    const first = await api.submit(
      nip,
      numbers.map((number) => invoiceOf(nip, number)),
      OFFLINE,
    );
    expect((await api.atRest(first.submissionId)).byState).toEqual({ rejected: 6 });
    const corrections = first.invoices.map(({ id, sha256 }, index) => ({
      ...invoiceOf(nip, `GOOD/${index + 1}`, { attachment: index === 0 }),
      correctionOf: index % 2 === 0 ? (id ?? '') : sha256,
    }));
    const second = await api.submit(nip, corrections, OFFLINE);
    const { byState, sessions } = await api.atRest(second.submissionId);
    expect(byState).toEqual({ cleared: 6 });
    expect(sessions).toMatchObject([{ kind: 'interactive', invoices: 6 }]);
    for (const [index, { id }] of second.invoices.entries()) {
      const corrected = first.invoices[index]?.sha256;
      expect(await api.invoice(id ?? '')).toMatchObject({
        correctionOf: corrected,
        invoicingMode: 'Offline',
      });
    }
    const again = await api.submit(
      nip,
      [{ ...invoiceOf(nip, 'MORE'), correctionOf: first.invoices[0]?.id ?? '' }],
      OFFLINE,
    );
    expect(again.invoices[0]?.errors).toMatchObject([{ code: 'CORRECTION_TAKEN' }]);
  });

  it('a correction of what KSeF took from somebody else ends with its words', async () => {
    const { api } = system;
    const nip = await loggedIn();
    const theirs = invoiceOf(nip, 'THEIRS');
    await registerElsewhere(system, nip, theirs.xml);
    const entry = { ...invoiceOf(nip, 'OURS'), correctionOf: sha256Of(theirs.xml) };
    const { submissionId, invoices } = await api.submit(nip, [entry], OFFLINE);
    expect((await api.atRest(submissionId)).byState).toEqual({ rejected: 1 });
    expect((await api.invoice(invoices[0]?.id ?? '')).error).toMatchObject({
      code: 21167,
      details: [expect.stringContaining('Nie można wysłać korekty technicznej')],
    });
  });
});
describeWire(wire);
