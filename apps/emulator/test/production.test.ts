import { expect, test } from 'vitest';
import type { IssuedCertificate } from '../src/index.ts';
import { tarGz } from './support/archives.ts';
import { at, call, exceptionCode, fa3, invoicesOf, logIn, packageOf, sendBatch } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';
import {
  freshChallenge,
  loginStatus,
  postSigned,
  requestXml,
  selfSignedSeal,
  signByHand,
} from './support/xades.ts';

const harness = useEmulator({ env: 'PRD' });

test('production has no /testdata', async () => {
  const answer = await call(harness, 'POST', '/testdata/attachment', { body: { nip: freshNip() } });
  expect(answer.status).toBe(404);
});

test('production takes certificates of its own authority alone', async () => {
  const nip = freshNip();
  const own = await harness.emulator.control.issueCertificate({ kind: 'seal', nip, key: 'rsa' });
  const statusFor = async (holder: IssuedCertificate) => {
    const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
    return at(await loginStatus(harness, await postSigned(harness, signByHand(request, holder))), 'status');
  };
  expect(await statusFor(own)).toMatchObject({ code: 200 });
  expect(await statusFor(selfSignedSeal(nip))).toMatchObject({
    code: 460,
    details: ['Niezaufany łańcuch certyfikatów'],
  });
});

test('production takes FA(3), not FA(2)', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const { request } = packageOf(harness, Buffer.from('any archive'));
  const body = { ...request, formCode: { ...fa3, systemCode: 'FA (2)' } };
  expect(exceptionCode(await call(harness, 'POST', '/sessions/batch', { token, body }))).toBe(21405);
});

test('production asks for the check digit of every NIP', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const files = [
    { name: '0.xml', content: invoiceXml({ nip, number: '1', buyerNip: '5265877636' }) },
    { name: '1.xml', content: invoiceXml({ nip, number: '2', buyerNip: '5265877635' }) },
  ];
  const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz(files)));
  const invoices = await invoicesOf(harness, token, reference);
  expect(invoices.map((invoice) => at(invoice, 'status.code'))).toEqual([450, 200]);
});
