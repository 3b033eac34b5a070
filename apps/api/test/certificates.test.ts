import { PERSON, type TestCertificate, type TestCertificateOptions, testCertificate } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sellerStatus } from '../src/schemas/seller-status.ts';
import { sellerPath } from './support/invoices.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const CREDENTIALS = sellerPath('credentials');
const OFFLINE = sellerPath('offline-certificate');
const NOW = new Date('2026-10-20T10:00:00Z');
const DAY_MS = 86_400_000;
const bodyOf = (certificate: TestCertificate) => ({ type: 'certificate', ...certificate });
const made = async (options: TestCertificateOptions = {}) => bodyOf(await testCertificate(options));
const put = (path: string, json: unknown) => api.call('PUT', path, { json });

async function certificateOfStatus(nip = NIP) {
  const answer = await api.call('GET', sellerPath('status', nip));
  return sellerStatus.parse(answer.json).authentication.certificate;
}

describe('a certificate as credentials', () => {
  it('is taken, told of, and never read again', async () => {
    const body = await made({ subject: PERSON, validTo: new Date(NOW.getTime() + 29.5 * DAY_MS) });
    expect((await put(CREDENTIALS, body)).status).toBe(204);
    expect(await certificateOfStatus()).toEqual({
      kind: 'personal',
      subject: 'C=PL, GN=Jan, SN=Kowalski, serialNumber=PNOPL-88102341294, CN=Jan Kowalski',
      serialNumber: '01F20A5D352AE590',
      validFrom: '2026-01-01T00:00:00.000Z',
      validTo: '2026-11-18T22:00:00.000Z',
      expiresInDays: 29,
      expiresSoon: true,
    });
    expect(await api.ledger.credentialOf(NIP)).toMatchObject({ type: 'certificate' });
    const secret = body.privateKeyPem.split('\n')[2] ?? '';
    const { rows } = await api.ledger.pool.query('SELECT *, sealed::text FROM credentials');
    expect(JSON.stringify(rows) + api.logged.join('')).not.toContain(secret);
    expect(api.rings.logins).toContain(NIP);
  });

  it('gives way to a token, which tells of no certificate, and back', async () => {
    await put(CREDENTIALS, { type: 'ksefToken', token: 'a token' });
    expect(await certificateOfStatus()).toBeNull();
    await put(CREDENTIALS, await made());
    expect(await certificateOfStatus()).toMatchObject({ kind: 'seal', expiresSoon: false });
  });

  it('may be shared by many sellers', async () => {
    expect((await put('/v1/credentials/integrator', await made())).status).toBe(204);
    await put(sellerPath('credentials', OTHER_NIP), { type: 'shared', name: 'integrator' });
    expect(await certificateOfStatus(OTHER_NIP)).toMatchObject({ kind: 'seal' });
  });

  it.each<[string, (good: TestCertificate, other: TestCertificate) => object, RegExp]>([
    [
      'no key',
      ({ certificatePem }) => ({ certificatePem }),
      /needs either "certificatePem" and "privateKeyPem"/,
    ],
    ['both ways at once', (good) => ({ ...good, pkcs12: 'AAAA' }), /needs either/],
    ['no base64', () => ({ pkcs12: 'secret-x' }), /pkcs12/],
    ['no PEM', (good) => ({ ...good, certificatePem: 'secret-x' }), /certificatePem is not a readable/],
    ['no key in PEM', (good) => ({ ...good, privateKeyPem: 'secret-x' }), /privateKeyPem is not a readable/],
    [
      'the key of another',
      (good, other) => ({ ...good, privateKeyPem: other.privateKeyPem, passphrase: 'secret-x' }),
      /does not belong/,
    ],
    ['no PKCS#12', () => ({ pkcs12: 'AAAA', passphrase: 'secret-x' }), /PKCS#12/],
  ])('is refused without being repeated: %s', async (_what, bodyFrom, sentence) => {
    const [good, other] = await Promise.all([testCertificate(), testCertificate()]);
    const answer = await put(CREDENTIALS, { type: 'certificate', ...bodyFrom(good, other) });
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_CREDENTIALS']);
    expect(answer.json.detail).toMatch(sentence);
    expect(answer.text + api.logged.join('')).not.toContain('secret-x');
  });

  it.each<[TestCertificateOptions, RegExp]>([
    [{ validTo: NOW }, /expired on 2026-10-20/],
    [{ usage: 'offline' }, /type Offline/],
    [{ key: 'ec384' }, /P-256/],
  ])('is refused where %o', async (options, sentence) => {
    const answer = await put(CREDENTIALS, await made(options));
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_CREDENTIALS']);
    expect(answer.json.detail).toMatch(sentence);
  });
});

describe('the Offline certificate', () => {
  it('is put, told of without its key, and deleted', async () => {
    expect(await api.call('GET', OFFLINE)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    const body = await made({ usage: 'offline', key: 'rsa' });
    expect((await put(OFFLINE, body)).status).toBe(204);
    const told = await api.call('GET', OFFLINE, { key: await api.key('read', [NIP]) });
    expect(told.json).toMatchObject({ kind: 'seal', serialNumber: '01F20A5D352AE590', expiresSoon: false });
    expect(told.text).not.toContain('PRIVATE');
    expect((await api.call('DELETE', OFFLINE)).status).toBe(204);
    expect((await api.call('DELETE', OFFLINE)).status).toBe(404);
  });

  it('is none that logs in', async () => {
    const answer = await put(OFFLINE, await made({ usage: 'authentication' }));
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_CREDENTIALS']);
    expect(answer.json.detail).toMatch(/^KOD II wants a KSeF certificate of type Offline/);
  });

  it('is put by administrators of the seller alone', async () => {
    const body = await made({ usage: 'offline' });
    const key = await api.key('submit', [NIP]);
    expect((await api.call('PUT', OFFLINE, { key, json: body })).status).toBe(403);
    expect((await api.call('DELETE', OFFLINE, { key })).status).toBe(403);
    expect((await api.call('GET', OFFLINE, { key: await api.key('read', [OTHER_NIP]) })).status).toBe(403);
  });
});
