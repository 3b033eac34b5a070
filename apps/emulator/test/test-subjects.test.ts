import { expect, test } from 'vitest';
import { at, call, exceptionCode, logIn } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';
import { freshChallenge, loginStatus, postSigned, requestXml, signByHand } from './support/xades.ts';

const harness = useEmulator();
const pesel = '02291012345';
const description = 'for a test';

async function statusFor(nip: string): Promise<unknown> {
  const holder = await harness.emulator.control.issueCertificate({ kind: 'personal', pesel, key: 'rsa' });
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  return at(await loginStatus(harness, await postSigned(harness, signByHand(request, holder))), 'status');
}

test('a person owns the context of their NIP until removed, and not after death', async () => {
  const nip = freshNip();
  const person = { nip, pesel, isBailiff: false, description };
  expect(await statusFor(nip)).toMatchObject({ code: 415 });
  await call(harness, 'POST', '/testdata/person', { body: person });
  expect(await statusFor(nip)).toMatchObject({ code: 200 });
  expect(exceptionCode(await call(harness, 'POST', '/testdata/person', { body: person }))).toBe(30001);
  await call(harness, 'POST', '/testdata/person/remove', { body: { nip } });
  expect(await statusFor(nip)).toMatchObject({ code: 415 });
  await call(harness, 'POST', '/testdata/person', { body: { ...person, isDeceased: true } });
  expect(await statusFor(nip)).toMatchObject({ code: 470 });
});

test('a group cannot be made twice, and takes its units with it', async () => {
  const unit = freshNip();
  const group = (subjectNip: string) => ({
    subjectNip,
    subjectType: 'VatGroup',
    subunits: [{ subjectNip: unit, description }],
    description,
  });
  const nip = freshNip();
  expect((await call(harness, 'POST', '/testdata/subject', { body: group(nip) })).status).toBe(200);
  expect(exceptionCode(await call(harness, 'POST', '/testdata/subject', { body: group(freshNip()) }))).toBe(
    30001,
  );
  await call(harness, 'POST', '/testdata/subject/remove', { body: { subjectNip: nip } });
  expect((await call(harness, 'POST', '/testdata/subject', { body: group(freshNip()) })).status).toBe(200);
});

test('the limits of certificates are shown as ordered, and as before once given back', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const before = (await call(harness, 'GET', '/limits/subject', { token })).body;
  const body = { certificate: { maxCertificates: 3 } };
  await call(harness, 'POST', '/testdata/limits/subject/certificate', { token, body });
  expect((await call(harness, 'GET', '/limits/subject', { token })).body).toMatchObject(body);
  await call(harness, 'DELETE', '/testdata/limits/subject/certificate', { token });
  expect((await call(harness, 'GET', '/limits/subject', { token })).body).toEqual(before);
});
