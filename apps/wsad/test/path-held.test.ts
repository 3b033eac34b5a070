import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Invoice } from './support/api-client.ts';
import { consentToAttachments, registerElsewhere } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoiceOf, invoicesOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

describe('held invoices and what a person does with them', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterEach(() => system.emulator.control.clearFaults());
  afterAll(() => system.close());

  it('withdraws one for good and lets its neighbours go on when their cure comes', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = invoicesOf(nip, 3, 'FV');
    const { submissionId, invoices } = await api.submit(nip, entries);
    const [first] = invoices;
    expect(await api.act(first?.id ?? '', 'withdraw')).toMatchObject({ state: 'withdrawn', held: null });
    await api.putToken(nip);
    const { byState } = await api.atRest(submissionId);
    expect(byState).toEqual({ withdrawn: 1, cleared: 2 });
    expect((await api.call('POST', `/v1/invoices/${first?.id}/retry`)).status).toBe(409);
    const again = await api.submit(nip, entries.slice(0, 1));
    expect(again.invoices[0]?.id).not.toBe(first?.id);
    await api.atRest(again.submissionId);
    expect(system.emulator.control.registry().filter((item) => item.nip === nip)).toHaveLength(3);
  });

  it('holds attachments that KSeF refuses for want of consent, and sends the same bytes again after a retry', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = [invoiceOf(nip, 'Z/1', { attachment: true })];
    // A login that may not be told of the consent: then the verdict tells.
    const forbidden = { title: 'Forbidden', status: 403, reasonCode: 'missing-permissions' };
    const operation = 'GET /permissions/attachments/status';
    system.emulator.control.addFault({ operation, times: 100, status: 403, body: forbidden });
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, entries);
    await api.atRest(submissionId);
    const id = invoices[0]?.id ?? '';
    expect(await api.invoice(id)).toMatchObject({
      held: { cause: 'attachment_consent' },
      error: { code: 415 },
    });
    await consentToAttachments(system, nip);
    expect((await api.act(id, 'retry')).state).not.toBe('held');
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 1 });
    await expectRegisteredOnce(system, nip, entries);
  });

  it('clears a duplicate that turns out to be the very same bytes', async () => {
    const { api } = system;
    const nip = newSeller();
    const entry = invoiceOf(nip, 'FV/1');
    const ksefNumber = await registerElsewhere(system, nip, entry.xml);
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, [entry]);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 1 });
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({ ksefNumber, error: null });
  });

  it.each([
    ['404', { status: 404, body: { title: 'Not Found', status: 404, detail: 'Nie ma takiej faktury.' } }],
    ['403', { status: 403, body: { title: 'Forbidden', status: 403, reasonCode: 'missing-permissions' } }],
  ])('holds a duplicate that cannot be told (%s) for the verdict of a person', async (_, answer) => {
    const { api } = system;
    const nip = newSeller();
    const [ours, theirs] = [invoiceOf(nip, 'FV/1'), invoiceOf(nip, 'FV/2')];
    const ksefNumber = await registerElsewhere(system, nip, ours.xml);
    const theirNumber = await registerElsewhere(system, nip, invoiceOf(nip, 'FV/2', { seed: 8 }).xml);
    system.emulator.control.addFault({ operation: 'GET /invoices/ksef/{n}', times: 100, ...answer });
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, [ours, theirs]);
    expect((await api.atRest(submissionId)).byState).toEqual({ held: 2 });
    const [first = '', second = ''] = invoices.map(({ id }) => id ?? '');
    const held: Invoice = await api.invoice(first);
    expect(held).toMatchObject({ held: { cause: 'duplicate_unknown' }, error: { code: 440 } });
    expect(held.error?.details.join()).toContain(ksefNumber);
    expect((await api.call('POST', `/v1/invoices/${first}/resolve`, { ksefNumber: 'x' })).status).toBe(400);
    expect(await api.act(first, 'resolve', { ksefNumber })).toMatchObject({ state: 'cleared', ksefNumber });
    expect(await api.act(second, 'resolve', { rejected: true })).toMatchObject({ state: 'rejected' });
    const taken = await api.call('POST', `/v1/invoices/${second}/resolve`, { ksefNumber: theirNumber });
    expect(taken.status).toBe(409);
    expect((await api.submission(submissionId)).byState).toEqual({ cleared: 1, rejected: 1 });
  });
});
describeWire(wire);
