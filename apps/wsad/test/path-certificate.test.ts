import { describeWithTools, eventually, type SubjectAttribute, testCertificate } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pkcs12Of } from './support/pkcs12.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOn } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const DAY_MS = 86_400_000;
const WAYS = [
  ['rsa', 'seal'],
  ['ec', 'seal'],
  ['rsa', 'personal'],
  ['ec', 'personal'],
] as const;
type Kind = 'seal' | 'personal';

/** Of the seller itself: its seal, or a person who goes by the same NIP. */
function subjectOf(nip: string, kind: Kind): SubjectAttribute[] {
  if (kind === 'seal') return [{ O: ['Firma'] }, { '2.5.4.97': [`VATPL-${nip}`] }, { CN: ['Firma'] }];
  return [
    { '2.5.4.42': ['Jan'] },
    { '2.5.4.4': ['Nowak'] },
    { '2.5.4.5': [`TINPL-${nip}`] },
    { CN: ['Jan'] },
  ];
}

function certificates(queue: QueueKind): void {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  async function clears(nip: string, prefix: string): Promise<void> {
    const entries = invoicesOf(nip, 6, prefix);
    const { submissionId } = await system.api.submit(nip, entries);
    expect((await system.api.atRest(submissionId)).byState).toEqual({ cleared: 6 });
    await expectRegisteredOnce(system, nip, entries);
  }

  it.each(WAYS)('clears invoices of a seller that logs in with %s, %s', async (key, kind) => {
    const nip = newSeller();
    await system.api.putCertificate(nip, await testCertificate({ key, subject: subjectOf(nip, kind) }));
    await clears(nip, 'FV');
    expect((await system.api.status(nip)).authentication.state).toBe('active');
  });

  describeWithTools('as PKCS#12', ['openssl'], () => {
    it.each(['rsa', 'ec'] as const)('clears invoices all the same (%s)', async (key) => {
      const nip = newSeller();
      const made = await testCertificate({ key, subject: subjectOf(nip, 'seal') });
      await system.api.putCertificate(nip, {
        pkcs12: await pkcs12Of(made, 'a phrase'),
        passphrase: 'a phrase',
      });
      await clears(nip, 'FV');
    });
  });

  it.each(['token to certificate', 'certificate to token'])(
    'settles a session in flight with the credentials that opened it: %s',
    async (way) => {
      const { api, emulator } = system;
      const nip = newSeller();
      const certificate = await testCertificate({ subject: subjectOf(nip, 'seal') });
      const ways = [() => api.putToken(nip), () => api.putCertificate(nip, certificate)];
      const [first, second] = way === 'token to certificate' ? ways : ways.reverse();
      await first?.();
      emulator.control.addFault({ operation: 'GET /sessions/{ref}', status: 502, body: '<html>' });
      const entries = invoicesOf(nip, 6, 'FV');
      const { submissionId } = await api.submit(nip, entries);
      await eventually(async () => (await api.submission(submissionId)).byState.processing === 6);
      await second?.();
      const later = invoicesOf(nip, 6, 'LATER');
      const next = await api.submit(nip, later);
      expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 6 });
      expect((await api.atRest(next.submissionId)).byState).toEqual({ cleared: 6 });
      await expectRegisteredOnce(system, nip, [...entries, ...later]);
    },
  );

  it('does not try a certificate that has expired: what it holds goes on with new credentials', async () => {
    const { api, emulator, now } = system;
    const nip = newSeller();
    const validTo = new Date(now().getTime() + DAY_MS);
    await api.putCertificate(nip, await testCertificate({ subject: subjectOf(nip, 'seal'), validTo }));
    await eventually(async () => (await api.status(nip)).ready);
    const tried = () => emulator.control.calls()['POST /auth/xades-signature'] ?? 0;
    const before = tried();
    // Beyond the certificate's end, and beyond the life of any login that it opened.
    system.advance(9 * DAY_MS);
    const entries = invoicesOf(nip, 3, 'FV');
    const { submissionId, invoices } = await api.submit(nip, entries);
    expect((await api.atRest(submissionId)).byState).toEqual({ held: 3 });
    const words = expect.stringMatching(/^the certificate expired on /);
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({
      held: { cause: 'login_refused', detail: words },
    });
    expect(await api.status(nip)).toMatchObject({
      ready: false,
      authentication: { state: 'refused', lastError: words },
    });
    expect(tried()).toBe(before);
    await api.putToken(nip);
    expect((await api.atRest(submissionId)).byState).toEqual({ cleared: 3 });
    await expectRegisteredOnce(system, nip, entries);
  });
}

describeOn('postgres', 'certificates', certificates);
describeWire(wire);
