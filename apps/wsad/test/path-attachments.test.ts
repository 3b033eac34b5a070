import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentToAttachments } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoiceOf, invoicesOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const STATUS = 'GET /permissions/attachments/status';
const OPEN = 'POST /sessions/batch';
/** So long KSeF's refusal is believed. */
const REFUSED_GOOD_MS = 600_000;

describe('invoices with attachments', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  const calls = (operation: string): number => system.emulator.control.calls()[operation] ?? 0;

  it('are held before packing where there is no consent, and go by themselves once there is', async () => {
    const { api } = system;
    const nip = newSeller();
    const plain = invoicesOf(nip, 6, 'FV');
    const attached = invoicesOf(nip, 2, 'Z', { attachment: true });
    await api.putToken(nip);
    const [asked, opened] = [calls(STATUS), calls(OPEN)];
    const { submissionId, invoices } = await api.submit(nip, [...attached, ...plain]);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 6, held: 2 });
    const id = invoices[0]?.id ?? '';
    expect(await api.invoice(id)).toMatchObject({
      held: { cause: 'attachment_consent' },
      error: { code: 'attachment_consent' },
      sessionId: null,
    });
    expect([calls(STATUS) - asked, calls(OPEN) - opened]).toEqual([1, 1]);
    await consentToAttachments(system, nip);
    system.advance(REFUSED_GOOD_MS);
    await eventually(async () => (await api.submission(submissionId)).byState.cleared === 8, {
      timeoutMs: 20_000,
      what: 'the consent to be seen',
    });
    await expectRegisteredOnce(system, nip, [...attached, ...plain]);
    expect((await api.sessions(nip)).map(({ kind }) => kind)).toEqual(['batch', 'batch']);
  });

  it('go at once when a person retries after giving it', async () => {
    const { api } = system;
    const nip = newSeller();
    const entry = invoiceOf(nip, 'Z/1', { attachment: true });
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, [entry]);
    expect((await api.atRest(submissionId)).byState).toEqual({ held: 1 });
    await consentToAttachments(system, nip);
    await api.act(invoices[0]?.id ?? '', 'retry');
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 1 });
    await expectRegisteredOnce(system, nip, [entry]);
  });

  it('are asked after once for many while the answer is good, and go in the batch of their neighbours', async () => {
    const { api } = system;
    const nip = newSeller();
    await consentToAttachments(system, nip);
    await api.putToken(nip);
    const asked = calls(STATUS);
    for (const prefix of ['A', 'B']) {
      const entries = [...invoicesOf(nip, 5, prefix), invoiceOf(nip, `${prefix}/Z`, { attachment: true })];
      const { submissionId } = await api.submit(nip, entries);
      const { byState, sessions } = await api.atRest(submissionId);
      expect(byState).toEqual({ cleared: 6 });
      expect(sessions).toMatchObject([{ kind: 'batch', invoices: 6 }]);
    }
    expect(calls(STATUS) - asked).toBe(1);
  });
});
describeWire(wire);
