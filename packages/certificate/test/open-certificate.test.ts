import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  COMPANY_SEAL,
  describeWithTools,
  PERSON,
  type TestCertificateOptions,
  testCertificate,
} from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { CertificateRefused, type GivenCertificate, openCertificate } from '../src/index.ts';
import { openssl } from './openssl.ts';

const NOW = new Date('2026-10-20T10:00:00Z');
const PASSPHRASE = 'secret phrase';
/** The last sign is beyond the 65,536 that sixteen bits hold. */
const POLISH = 'zażółć gęślą 🔑';
const KEYS = ['rsa', 'ec'] as const;

/** The sentence of the refusal; it never quotes what was sent. */
function refusalOf(given: GivenCertificate, purpose: 'login' | 'offline' = 'login'): string {
  try {
    openCertificate(given, purpose, NOW);
  } catch (error) {
    if (!(error instanceof CertificateRefused)) throw error;
    expect(error.message).not.toContain(PASSPHRASE);
    return error.message;
  }
  throw new Error('it was opened');
}

async function refusalOfMade(options: TestCertificateOptions, purpose: 'login' | 'offline' = 'login') {
  return refusalOf(await testCertificate(options), purpose);
}

/** The key that comes out belongs to the certificate that comes out. */
function expectPair(given: GivenCertificate, certificatePem: string): void {
  const opened = openCertificate(given, 'login', NOW);
  const expected = new X509Certificate(certificatePem);
  const certificate = new X509Certificate(opened.certificatePem);
  expect(certificate.raw).toEqual(expected.raw);
  expect(opened.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(certificate.checkPrivateKey(createPrivateKey(opened.privateKeyPem))).toBe(true);
}

describe('a certificate in PEM', () => {
  it.each(KEYS)('is opened with its %s key', async (key) => {
    const made = await testCertificate({ key });
    expectPair(made, made.certificatePem);
  });

  it('may stand anywhere in a chain: the one that the key belongs to is used', async () => {
    const [leaf, issuer] = await Promise.all([testCertificate(), testCertificate({ subject: PERSON })]);
    const chain = `Bag Attributes\n${issuer.certificatePem}\n${leaf.certificatePem}`;
    expectPair({ ...leaf, certificatePem: chain }, leaf.certificatePem);
  });

  it('tells whose it is, its number and its days', async () => {
    const [seal, person] = await Promise.all([
      testCertificate({ subject: COMPANY_SEAL }),
      testCertificate({ subject: PERSON, serialNumber: '0a' }),
    ]);
    expect(openCertificate(seal, 'login', NOW).facts).toEqual({
      kind: 'seal',
      subject: 'C=PL, O=Przykładowa sp. z o.o., organizationIdentifier=VATPL-5265877635, CN=Przykładowa',
      serialNumber: '01F20A5D352AE590',
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validTo: new Date('2028-01-01T00:00:00Z'),
    });
    expect(openCertificate(person, 'login', NOW).facts).toMatchObject({
      kind: 'personal',
      serialNumber: '0A',
    });
  });

  it.each(['TINPL-5265877635', 'PESEL: 88102341294', 'NIP5265877635'])('finds a person by %s', async (id) => {
    const made = await testCertificate({ subject: [{ '2.5.4.5': [id] }, { CN: ['Jan'] }] });
    expect(openCertificate(made, 'login', NOW).facts.kind).toBe('personal');
  });

  it('is refused with the reason', async () => {
    const [one, other] = await Promise.all([testCertificate(), testCertificate()]);
    expect(refusalOf({ ...one, certificatePem: 'no certificate' })).toMatch(/^certificatePem is not/);
    const hollow = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(refusalOf({ ...one, certificatePem: hollow })).toMatch(/^certificatePem is not/);
    expect(refusalOf({ ...one, privateKeyPem: one.certificatePem })).toMatch(/^privateKeyPem is not/);
    expect(refusalOf({ ...one, privateKeyPem: other.privateKeyPem })).toMatch(/does not belong/);
  });

  it.each<[string, TestCertificateOptions, RegExp]>([
    ['expired', { validTo: NOW }, /^The certificate expired on 2026-10-20\.$/],
    [
      'not valid yet',
      { validFrom: new Date(NOW.getTime() + 1000) },
      /^The certificate is valid from 2026-10-20/,
    ],
    ['of a short RSA key', { key: 'rsa1024' }, /RSA of at least 2048 bits/],
    ['of another curve', { key: 'ec384' }, /P-256/],
    [
      'of nobody that KSeF knows',
      { subject: [{ CN: ['Jan PNOPL-88102341294'] }] },
      /does not say whose it is/,
    ],
    ['of type Offline', { usage: 'offline' }, /type Offline.*cannot log in/],
  ])('is refused where it is %s', async (_what, options, sentence) => {
    expect(await refusalOfMade(options)).toMatch(sentence);
  });

  it.each(['authentication', 'qualified'] as const)(
    'is no Offline one where its use is %s',
    async (usage) => {
      expect(await refusalOfMade({ usage }, 'offline')).toMatch(
        /^KOD II wants a KSeF certificate of type Offline/,
      );
    },
  );

  it('serves where its use allows or says nothing', async () => {
    const open = async (usage: 'offline' | 'qualified' | 'none', purpose: 'login' | 'offline') =>
      openCertificate(await testCertificate({ usage }), purpose, NOW);
    await open('offline', 'offline');
    await open('none', 'offline');
    await open('none', 'login');
    await open('qualified', 'login');
  });
});

describeWithTools('keys and files made by OpenSSL', ['openssl'], () => {
  const LEGACY = ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];

  describe.each(KEYS)('%s', (key) => {
    const pass = ['-passout', `pass:${PASSPHRASE}`];

    it.each([
      ['PKCS#8, AES', 'pkcs8', ['-topk8', '-v2', 'aes-256-cbc', ...pass]],
      ['PKCS#8, 3DES', 'pkcs8', ['-topk8', '-v1', 'PBE-SHA1-3DES', ...pass]],
      [
        'the older PEM',
        key === 'rsa' ? 'rsa' : 'ec',
        ['-aes128', ...pass, ...(key === 'rsa' ? ['-traditional'] : [])],
      ],
    ])('opens an encrypted key: %s', async (_what, command, args) => {
      const made = await testCertificate({ key });
      const privateKeyPem = openssl(made, command, '-in', 'key.pem', ...args).toString();
      expect(privateKeyPem).toContain('ENCRYPTED');
      expectPair({ ...made, privateKeyPem, passphrase: PASSPHRASE }, made.certificatePem);
      expect(refusalOf({ ...made, privateKeyPem })).toMatch(/is encrypted: send its passphrase/);
      expect(refusalOf({ ...made, privateKeyPem, passphrase: 'other' })).toMatch(
        /^The passphrase does not open/,
      );
      expect(refusalOf({ ...made, privateKeyPem, passphrase: '' })).toMatch(/^The passphrase does not open/);
    });

    it('opens a key whose passphrase is beyond ASCII', async () => {
      const made = await testCertificate({ key });
      const args = ['-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${POLISH}`];
      const privateKeyPem = openssl(made, 'pkcs8', '-in', 'key.pem', ...args).toString();
      expectPair({ ...made, privateKeyPem, passphrase: POLISH }, made.certificatePem);
    });

    it.each([
      ['OpenSSL 1 (RC2, 3DES, SHA-1)', LEGACY, PASSPHRASE],
      [
        'OpenSSL 3 (AES, SHA-256)',
        ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-256-CBC', '-macalg', 'sha256'],
        PASSPHRASE,
      ],
      ['OpenSSL 1, passphrase beyond ASCII', LEGACY, POLISH],
      ['OpenSSL 3, passphrase beyond ASCII', [], POLISH],
      [
        'both, passphrase beyond ASCII',
        ['-legacy', '-certpbe', 'AES-256-CBC', '-keypbe', 'PBE-SHA1-3DES'],
        POLISH,
      ],
      ['OpenSSL 3, no passphrase', [], ''],
      ['nothing encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE'], PASSPHRASE],
    ])('opens a PKCS#12 file of %s', async (_what, args, passphrase) => {
      const made = await testCertificate({ key });
      const file = [
        '-export',
        '-in',
        'cert.pem',
        '-inkey',
        'key.pem',
        '-name',
        'wsad',
        '-passout',
        `pass:${passphrase}`,
      ];
      const pkcs12 = openssl(made, 'pkcs12', ...file, ...args);
      expectPair({ pkcs12, passphrase }, made.certificatePem);
      expect(refusalOf({ pkcs12, passphrase: 'other' })).toBe(
        'The passphrase does not open the PKCS#12 file.',
      );
    });
  });

  it('finds the leaf of a chain in a PKCS#12 file', async () => {
    const [leaf, issuer] = await Promise.all([testCertificate(), testCertificate({ subject: PERSON })]);
    const both = { ...leaf, certificatePem: `${leaf.certificatePem}\n${issuer.certificatePem}` };
    const pkcs12 = openssl(
      both,
      'pkcs12',
      '-export',
      '-in',
      'cert.pem',
      '-inkey',
      'key.pem',
      '-passout',
      'pass:x',
    );
    expectPair({ pkcs12, passphrase: 'x' }, leaf.certificatePem);
  });

  it('refuses a PKCS#12 file without a certificate or a key, and one that is none', async () => {
    const made = await testCertificate();
    const file = ['-export', '-in', 'cert.pem', '-inkey', 'key.pem', '-passout', 'pass:x'];
    const keyless = openssl(made, 'pkcs12', ...file, '-nokeys');
    const bare = openssl(made, 'pkcs12', ...file, '-nocerts');
    expect(refusalOf({ pkcs12: keyless, passphrase: 'x' })).toBe('The PKCS#12 file holds no private key.');
    expect(refusalOf({ pkcs12: bare, passphrase: 'x' })).toBe('The PKCS#12 file holds no certificate.');
    expect(refusalOf({ pkcs12: Buffer.from('nonsense') })).toMatch(/^pkcs12 is not a PKCS#12 file/);
    expect(refusalOf({ pkcs12: bare.subarray(0, 40) })).toMatch(/PKCS#12 file/);
  });
});
