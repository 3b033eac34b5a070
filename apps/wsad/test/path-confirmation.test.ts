import { eventually } from '@wsad/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { invoiceOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const BY_NUMBER = 'GET /invoices/ksef/{ksefNumber}';

describe('confirmations', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterEach(() => system.emulator.control.clearFaults());
  afterAll(() => system.close());

  async function clearedOne(): Promise<{ id: string; sha256: string; ksefNumber: string | null }> {
    const { api } = system;
    const nip = newSeller();
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, [invoiceOf(nip, 'FV/1')]);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 1 });
    return await api.invoice(invoices[0]?.id ?? '');
  }

  const ask = (id: string) => system.api.call('GET', `/v1/invoices/${id}/confirmation`);

  async function answered(id: string): Promise<Response> {
    return await eventually(
      async () => {
        const response = await ask(id);
        return response.status !== 202 && response;
      },
      { timeoutMs: 20_000, what: 'the confirmation' },
    );
  }

  it('compare what KSeF has with what was handed in, asked for once', async () => {
    const { id, sha256, ksefNumber } = await clearedOne();
    const before = system.emulator.control.calls()[BY_NUMBER] ?? 0;
    const first = await ask(id);
    expect([first.status, first.headers.get('retry-after')]).toEqual([202, '2']);
    const response = await answered(id);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      confirmedAt: expect.any(String),
      matches: true,
      ksefNumber,
      sha256,
      ksefSha256: sha256,
    });
    await answered(id);
    expect((system.emulator.control.calls()[BY_NUMBER] ?? 0) - before).toBe(1);
  });

  it('say so where KSeF gives other bytes', async () => {
    const { id } = await clearedOne();
    const body = '<Faktura>other</Faktura>';
    system.emulator.control.addFault({
      operation: BY_NUMBER,
      status: 200,
      body,
      contentType: 'application/xml',
    });
    expect(await (await answered(id)).json()).toMatchObject({ matches: false });
  });

  it('say so where KSeF refuses them to this login', async () => {
    const { id } = await clearedOne();
    const body = {
      title: 'Forbidden',
      status: 403,
      detail: 'Brak uprawnienia.',
      reasonCode: 'missing-permissions',
    };
    system.emulator.control.addFault({ operation: BY_NUMBER, status: 403, body });
    const response = await answered(id);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      code: 'CONFIRMATION_NOT_AVAILABLE',
      detail: expect.stringContaining('Brak uprawnienia.'),
    });
  });
});
describeWire(wire);
