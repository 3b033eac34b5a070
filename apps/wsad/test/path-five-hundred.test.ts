import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry, Invoice } from './support/api-client.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOnBoth } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const CALLS_OF_A_BATCH = [
  'POST /sessions/batch',
  'PUT /storage/{session}/{part}',
  'POST /sessions/batch/{referenceNumber}/close',
];

const UPO_OF_AN_INVOICE = 'GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo';

function mainJob(queue: QueueKind): void {
  let system: System;
  let entries: Entry[];
  let cleared: Invoice[];

  beforeAll(async () => {
    system = await startSystem({ queue, wire });
  });
  afterAll(() => system.close());

  it('clears 500 invoices of one seller in one batch session, with one worker and one poller', async () => {
    const { api, emulator } = system;
    const nip = newSeller();
    entries = invoicesOf(nip, 500, 'FV/A');
    await api.putToken(nip);
    const { submissionId, accepted } = await api.submit(nip, entries);
    expect(accepted).toBe(500);
    const { byState, sessions } = await api.atRest(submissionId);
    expect(byState).toEqual({ cleared: 500 });
    expect(sessions).toMatchObject([{ kind: 'batch', state: 'settled', invoices: 500 }]);
    cleared = await expectRegisteredOnce(system, nip, entries);
    expect(cleared.filter(({ invoicingMode }) => invoicingMode !== 'Online')).toEqual([]);
    const calls = emulator.control.calls();
    expect(CALLS_OF_A_BATCH.map((call) => calls[call])).toEqual([1, 1, 1]);
    expect(emulator.control.stats().rateLimited).toBe(0);
  });

  it('keeps the UPO and the invoices byte for byte, and tells the verification link', async () => {
    const { api, emulator } = system;
    const [receiptUrl = ''] = wire.receiptUrls(cleared[0]?.sessionReference ?? '');
    const receipt = Buffer.from(await (await fetch(receiptUrl)).arrayBuffer());
    for (const place of [0, 249, 499]) {
      const { id, nip, sha256, ksefNumber, verificationUrl } = cleared[place]!;
      const upo = await api.document(id, 'upo');
      expect(upo.bytes.equals(receipt)).toBe(true);
      expect(upo.bytes.toString()).toContain(`<NumerKSeFDokumentu>${ksefNumber}</NumerKSeFDokumentu>`);
      const handedIn = Buffer.from(entries[place]!.xml);
      expect((await api.document(id, 'xml')).bytes.equals(handedIn)).toBe(true);
      expect((await emulator.control.invoice(ksefNumber ?? ''))?.equals(handedIn)).toBe(true);
      const hash = Buffer.from(sha256, 'base64').toString('base64url');
      expect(verificationUrl).toBe(`https://qr-test.ksef.mf.gov.pl/invoice/${nip}/16-11-2026/${hash}`);
    }
  });

  it("fetches the invoice's own UPO when it is first asked for, and keeps it", async () => {
    const { api, emulator } = system;
    const { id, ksefNumber } = cleared[7]!;
    const asked = () => api.document(id, 'upo?scope=invoice');
    const { bytes } = await eventually(async () => {
      const answer = await asked();
      return answer.status === 200 && answer;
    });
    expect(bytes.toString()).toContain(`<NumerKSeFDokumentu>${ksefNumber}</NumerKSeFDokumentu>`);
    expect((await asked()).bytes.equals(bytes)).toBe(true);
    expect(emulator.control.calls()[UPO_OF_AN_INVOICE]).toBe(1);
  });

  it('clears 500 in one session that is sent once, with three workers and two pollers', async () => {
    const { api, emulator } = system;
    await Promise.all([system.startWorker(), system.startWorker(), system.startPoller()]);
    const nip = newSeller();
    const others = invoicesOf(nip, 500, 'FV/B');
    await api.putToken(nip);
    const { submissionId } = await api.submit(nip, others);
    expect((await api.atRest(submissionId)).sessions).toMatchObject([{ kind: 'batch', invoices: 500 }]);
    await expectRegisteredOnce(system, nip, others);
    const calls = emulator.control.calls();
    expect(CALLS_OF_A_BATCH.map((call) => calls[call])).toEqual([2, 2, 2]);
    expect(emulator.control.stats().rateLimited).toBe(0);
  });

  it('takes no invoice twice when 12 calls of one seller come at once', async () => {
    const { api, emulator } = system;
    const before = emulator.control.calls();
    const nip = newSeller();
    const others = invoicesOf(nip, 480, 'FV/C');
    await api.putToken(nip);
    const calls = Array.from({ length: 12 }, (_, call) => others.slice(call * 40, call * 40 + 40));
    const answers = await Promise.all(calls.map((invoices) => api.submit(nip, invoices)));
    await Promise.all(answers.map(({ submissionId }) => api.atRest(submissionId)));
    await expectRegisteredOnce(system, nip, others);
    const sessions = await api.sessions(nip);
    expect(sessions.filter(({ kind, state }) => kind !== 'batch' || state !== 'settled')).toEqual([]);
    expect(sessions.reduce((sum, { counts }) => sum + counts.cleared, 0)).toBe(480);
    const after = emulator.control.calls();
    expect(CALLS_OF_A_BATCH.map((call) => (after[call] ?? 0) - (before[call] ?? 0))).toEqual(
      CALLS_OF_A_BATCH.map(() => sessions.length),
    );
    expect(emulator.control.stats().rateLimited).toBe(0);
  });
}

describeOnBoth('the main job', mainJob);
describeWire(wire);
