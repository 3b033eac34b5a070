import type { CertificateFacts } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CredentialOwner } from '../src/index.ts';
import { unaudited } from './support/audited.ts';
import { after, NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, closed, closing, opened, putToken, UPO } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const DAY_MS = 86_400_000;
const SECRET = { certificatePem: 'the certificate', privateKeyPem: 'the private key' };
const FACTS: CertificateFacts = {
  kind: 'seal',
  subject: 'C=PL, CN=Firma',
  serialNumber: '01F2',
  validFrom: after(-DAY_MS),
  validTo: after(300 * DAY_MS),
};

function putCertificate(owner: CredentialOwner, facts: Partial<CertificateFacts> = {}) {
  const secret = { type: 'certificate', ...SECRET, facts: { ...FACTS, ...facts } } as const;
  return test.ledger.putCredentials({ owner, secret, actor: 'test', now: NOW });
}

function putOffline(nip: string, facts: Partial<CertificateFacts> = {}) {
  return test.ledger.putOfflineCertificate({
    nip,
    secret: SECRET,
    facts: { ...FACTS, ...facts },
    actor: 'test',
    now: NOW,
  });
}

async function told(at: Date): Promise<unknown[]> {
  const until = new Date(at.getTime() + 30 * DAY_MS);
  return test.ledger.certificatesRunningOut(at, until);
}

describe('a certificate as credentials', () => {
  it('is sealed with its key, and tells its facts', async () => {
    const nip = newNip();
    await putCertificate({ nip });
    const credential = await test.ledger.credentialOf(nip);
    expect(credential).toEqual({ id: credential?.id, type: 'certificate', ...SECRET });
    const status = await test.ledger.sellerStatus(nip, NOW);
    expect(status?.authentication.certificate).toEqual(FACTS);
    const { rows } = await test.pool.query('SELECT *, sealed::text FROM credentials WHERE nip = $1', [nip]);
    const bytes = Buffer.from(String(rows[0].sealed).replace('\\x', ''), 'hex').toString('latin1');
    expect(bytes + JSON.stringify(rows)).not.toContain(SECRET.privateKeyPem);
  });

  it('may serve many sellers, while a token tells of no certificate', async () => {
    const [one, own] = [newNip(), newNip()];
    await putCertificate({ sharedName: 'integrator' });
    await test.ledger.bindSharedCredentials({ nip: one, sharedName: 'integrator', actor: 'a', now: NOW });
    expect(await test.ledger.credentialOf(one)).toMatchObject({ type: 'certificate', ...SECRET });
    expect((await test.ledger.sellerStatus(one, NOW))?.authentication.certificate).toEqual(FACTS);
    await putToken(test.ledger, own);
    expect((await test.ledger.sellerStatus(own, NOW))?.authentication.certificate).toBeNull();
  });

  it.each(['token to certificate', 'certificate to token'])('takes over without a gap: %s', async (way) => {
    const nip = newNip();
    const putOne = () => putCertificate({ nip });
    const putOther = () => putToken(test.ledger, nip, 'newer');
    const [first, second] = way === 'token to certificate' ? [putOther, putOne] : [putOne, putOther];
    const begun = await claimed(await accepted(test.ledger, nip));
    await first();
    const walk = await closed(await closing(await opened(begun)));
    const old = await test.ledger.credentialOf(nip);
    await second();
    await test.ledger.tidy(after(1000));
    expect((await test.ledger.credentialOf(nip))?.type).not.toBe(old?.type);
    const session = await test.ledger.followedSession(walk.sessionId);
    expect(session?.credentialId).toBe(old?.id);
    expect(await test.ledger.credentialById(old?.id ?? '')).toEqual(old);
    await test.ledger.settleSession(walk.sessionId, allCleared(walk), UPO, after(2000));
    await test.ledger.tidy(after(3000));
    expect(await test.ledger.credentialById(old?.id ?? '')).toBeNull();
  });
});

describe('the Offline certificate', () => {
  it('is put, replaced, told of and deleted', async () => {
    const nip = newNip();
    expect(await test.ledger.offlineCertificate(nip)).toBeNull();
    await putOffline(nip);
    expect(await test.ledger.offlineCertificate(nip)).toEqual({ ...SECRET, facts: FACTS });
    await putOffline(nip, { serialNumber: '02', kind: 'personal' });
    expect(await test.ledger.offlineCertificate(nip)).toMatchObject({
      facts: { serialNumber: '02', kind: 'personal' },
    });
    expect(await test.ledger.credentialOf(nip)).toBeNull();
    const gone = { nip, actor: 'test', now: NOW };
    expect(await test.ledger.deleteOfflineCertificate(gone)).toBe(true);
    expect(await test.ledger.deleteOfflineCertificate(gone)).toBe(false);
    expect(await test.ledger.offlineCertificate(nip)).toBeNull();
  });

  it('does not open in another row', async () => {
    const [one, other] = [newNip(), newNip()];
    await putOffline(one);
    await putOffline(other);
    await unaudited(
      test.pool,
      `UPDATE offline_certificates SET sealed = (SELECT sealed FROM offline_certificates WHERE nip = $1) WHERE nip = $2`,
      [one, other],
    );
    await expect(test.ledger.offlineCertificate(other)).rejects.toThrow(/has been changed/);
  });
});

describe('certificates that run out', () => {
  it('are told of once a day, by one process of many, until they are replaced', async () => {
    const [login, offline, distant] = [newNip(), newNip(), newNip()];
    const validTo = after(29 * DAY_MS);
    await putCertificate({ nip: login }, { validTo });
    await putOffline(offline, { validTo });
    await putCertificate({ nip: distant });
    const rounds = await Promise.all([told(NOW), told(NOW), told(NOW)]);
    expect(rounds.flat()).toEqual(
      expect.arrayContaining([
        { nip: login, sharedName: null, use: 'login', validTo },
        { nip: offline, sharedName: null, use: 'offline', validTo },
      ]),
    );
    expect(rounds.flat()).toHaveLength(2);
    expect(await told(after(DAY_MS / 2))).toEqual([]);
    expect(await told(after(DAY_MS))).toHaveLength(2);
    await putCertificate({ nip: login });
    await putOffline(offline);
    expect(await told(after(2 * DAY_MS))).toEqual([]);
  });
});
