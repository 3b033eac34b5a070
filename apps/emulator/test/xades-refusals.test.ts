import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { CertificateOrder, IssuedCertificate } from '../src/index.ts';
import { call, exceptionCode } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';
import {
  AUTH,
  digest,
  freshChallenge,
  loginStatus,
  postSigned,
  requestXml,
  type Signing,
  selfSignedSeal,
  signByHand,
} from './support/xades.ts';

const harness = useEmulator();
const nip = freshNip();
let holder: IssuedCertificate;
let other: IssuedCertificate;

beforeAll(async () => {
  holder = await issue({ kind: 'seal', nip, key: 'rsa' });
  other = await issue({ kind: 'seal', nip: freshNip(), key: 'rsa' });
});

function issue(order: CertificateOrder): Promise<IssuedCertificate> {
  return harness.emulator.control.issueCertificate(order);
}

async function signed(signing: Signing = {}, context = `<Nip>${nip}</Nip>`): Promise<string> {
  return signByHand(requestXml(await freshChallenge(harness), context), holder, signing);
}

async function codeFor(xml: string | Buffer): Promise<unknown> {
  return exceptionCode(await postSigned(harness, xml));
}

function emptyReference(uri: string): string {
  const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
  return `<ds:Reference${uri}><ds:DigestMethod Algorithm="${sha256}"></ds:DigestMethod><ds:DigestValue>${digest('')}</ds:DigestValue></ds:Reference>`;
}

/** Puts the signed request aside, under another one that the signature does not cover. */
function wrapped(xml: string): string {
  const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/s.exec(xml) ?? [];
  const evil = requestXml('20260316-CR-0123456789-0123456789-01', `<Nip>${freshNip()}</Nip>`);
  return evil.replace('</AuthTokenRequest>', `${signature}</AuthTokenRequest>`);
}

const moreSignatures = 'http://www.w3.org/2001/04/xmldsig-more#';
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';

test.each<[string, number, () => Promise<string | Buffer>]>([
  ['no XML', 21001, async () => 'not XML'],
  ['nothing', 21001, async () => ''],
  ['another encoding', 21217, async () => Buffer.from('<a>\xb9</a>', 'latin1')],
  ['a document type', 9101, async () => `<!DOCTYPE a [<!ENTITY b "c">]>${await signed()}`],
  ['no signature', 9102, async () => requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`)],
  [
    'two signatures',
    9103,
    async () => (await signed()).replace(/(<ds:Signature .*<\/ds:Signature>)/s, '$1$1'),
  ],
  ['a signature beside the request', 9101, async () => `<Both xmlns="${AUTH}">${await signed()}</Both>`],
  [
    'a signature deeper in the request',
    9101,
    async () =>
      (await signed()).replace(/(<\/ContextIdentifier>)(.*)(<ds:Signature .*<\/ds:Signature>)/s, '$3$1$2'),
  ],
  ['another NIP than was signed', 9105, async () => (await signed()).replaceAll(nip, freshNip())],
  ['a signed request put aside', 9105, async () => wrapped(await signed())],
  [
    'an enveloping signature with another request beside the signed one',
    9105,
    async () =>
      (await signed({ form: 'enveloping' })).replace(
        /(<AuthTokenRequest.*<\/AuthTokenRequest>)/s,
        '<Both>$1$1</Both>',
      ),
  ],
  [
    'two elements with one Id',
    9105,
    async () =>
      (await signed({ form: 'enveloping' })).replace(
        '</ds:Signature>',
        `<ds:Object Id="content"></ds:Object></ds:Signature>`,
      ),
  ],
  [
    'a reference outside',
    9105,
    () => signed({ contentReference: emptyReference(' URI="https://example.pl/a.xml"') }),
  ],
  ['a reference to nothing', 9105, () => signed({ contentReference: emptyReference('') })],
  ['no reference to the content', 9105, () => signed({ contentReference: '' })],
  ['properties without their type', 9105, () => signed({ propertiesType: '' })],
  ['SHA-1 digests', 9105, () => signed({ digestMethod: `${xmldsig}sha1`, hash: 'sha1' })],
  ['SHA-1 in the signature', 9105, () => signed({ signatureMethod: `${xmldsig}rsa-sha1`, hash: 'sha1' })],
  [
    'an ECDSA method with an RSA key',
    9105,
    () => signed({ signatureMethod: `${moreSignatures}ecdsa-sha256` }),
  ],
  ['the digest of another certificate', 9105, () => signed({ namedCertificate: other.certificatePem })],
  [
    'the key of another holder',
    9105,
    async () => {
      const stolen = { certificatePem: holder.certificatePem, privateKeyPem: other.privateKeyPem };
      return signByHand(requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`), stolen);
    },
  ],
  [
    'no certificate',
    21115,
    async () => (await signed()).replace(/<ds:X509Certificate>.*<\/ds:X509Certificate>/s, ''),
  ],
  [
    'an unknown challenge',
    21111,
    async () => signByHand(requestXml('20260316-CR-0123456789-0123456789-01', `<Nip>${nip}</Nip>`), holder),
  ],
  [
    'a challenge of another shape',
    21401,
    async () => signByHand(requestXml('abc', `<Nip>${nip}</Nip>`), holder),
  ],
  ['no context', 21401, () => signed({}, '')],
  ['a context of another kind', 21401, () => signed({}, '<Pesel>02291012345</Pesel>')],
  ['two contexts', 21401, () => signed({}, `<Nip>${nip}</Nip><Nip>${nip}</Nip>`)],
  [
    'another subject type',
    21401,
    async () =>
      signByHand(requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`, 'somebody'), holder),
  ],
  ['a context of a Peppol provider', 21117, () => signed({}, '<PeppolId>PPL123456</PeppolId>')],
])('%s is refused with %i', async (_name, code, document) => {
  expect(await codeFor(await document())).toBe(code);
});

test('ECDSA has to be written as R||S', async () => {
  const ec = await issue({ kind: 'seal', nip, key: 'ec' });
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  const signatureMethod = `${moreSignatures}ecdsa-sha256`;
  expect(await codeFor(signByHand(request, ec, { signatureMethod, dsaEncoding: 'der' }))).toBe(9105);
});

test('an RSA key of 1024 bits is too weak', async () => {
  const weak = selfSignedSeal(nip, 1024);
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  expect(await codeFor(signByHand(request, weak))).toBe(21115);
});

test('a challenge is good once and for ten minutes', async () => {
  const document = await signed();
  expect((await postSigned(harness, document)).status).toBe(202);
  expect(await codeFor(document)).toBe(21111);
  const late = await signed();
  harness.clock.advance(600_000);
  expect(await codeFor(late)).toBe(21111);
});

test.each([
  ['ended', { validTo: new Date('2026-03-01T00:00:00Z') }],
  ['not begun', { validFrom: new Date('2027-01-01T00:00:00Z') }],
])('a certificate whose time has %s ends in 460', async (_name, validity) => {
  const outdated = await issue({ kind: 'seal', nip, key: 'ec', ...validity });
  const signatureMethod = `${moreSignatures}ecdsa-sha256`;
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  const answer = await postSigned(harness, signByHand(request, outdated, { signatureMethod }));
  expect(await loginStatus(harness, answer)).toMatchObject({
    status: { code: 460, details: ['Nieważny certyfikat'] },
  });
});

test('in the context of another NIP rights come from a grant alone', async () => {
  const seller = freshNip();
  const attempt = async () =>
    loginStatus(harness, await postSigned(harness, await signed({}, `<Nip>${seller}</Nip>`)));
  const lacking = { status: { code: 415, details: ['Brak przypisanych uprawnień'] } };
  expect(await attempt()).toMatchObject(lacking);
  const grant = {
    contextIdentifier: { type: 'Nip', value: seller },
    authorizedIdentifier: { type: 'Nip', value: nip },
  };
  const permissions = [{ permissionType: 'InvoiceWrite', description: 'sending for the seller' }];
  await call(harness, 'POST', '/testdata/permissions', { body: { ...grant, permissions } });
  expect(await attempt()).toMatchObject({ status: { code: 200 } });
  await call(harness, 'POST', '/testdata/permissions/revoke', { body: grant });
  expect(await attempt()).toMatchObject(lacking);
});

test('a blocked context ends in 480', async () => {
  const contextIdentifier = { type: 'Nip', value: nip };
  await call(harness, 'POST', '/testdata/context/block', { body: { contextIdentifier } });
  const blocked = await loginStatus(harness, await postSigned(harness, await signed()));
  await call(harness, 'POST', '/testdata/context/unblock', { body: { contextIdentifier } });
  expect(blocked).toMatchObject({ status: { code: 480 } });
});

test('a certificate is known by its fingerprint where the request says so', async () => {
  const value = new X509Certificate(holder.certificatePem).fingerprint256.replaceAll(':', '');
  const request = async () =>
    requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`, 'certificateFingerprint');
  const attempt = async () =>
    loginStatus(harness, await postSigned(harness, signByHand(await request(), holder)));
  expect(await attempt()).toMatchObject({ status: { code: 415 } });
  const permissions = [{ permissionType: 'InvoiceWrite', description: 'sending by fingerprint' }];
  await call(harness, 'POST', '/testdata/permissions', {
    body: {
      contextIdentifier: { type: 'Nip', value: nip },
      authorizedIdentifier: { type: 'Fingerprint', value },
      permissions,
    },
  });
  expect(await attempt()).toMatchObject({ status: { code: 200 } });
});

test('a namespace that is no whole address has no canonical form, and is refused', async () => {
  const document = await signed();
  const relative = document.replace('xmlns="http://', 'xmlns="/http//');
  expect(relative).not.toBe(document);
  expect((await postSigned(harness, relative)).status).toBe(400);
});

test('a certificate with something behind it is refused', async () => {
  const document = await signed();
  const longer = document.replace(
    /(<ds:X509Certificate[^<>]*>)([^<]+)/,
    (_, tag: string, der: string) =>
      `${tag}${Buffer.concat([Buffer.from(der, 'base64'), Buffer.of(0x34)]).toString('base64')}`,
  );
  expect(longer).not.toBe(document);
  expect((await postSigned(harness, longer)).status).toBe(400);
});

test('whichever character of the signed content is changed, the document is refused', async () => {
  const document = await signed();
  const spans = [
    '<AuthTokenRequest',
    '<ds:SignedInfo',
    '<ds:SignatureValue',
    '<ds:X509Certificate',
    '<xades:SignedProperties',
  ];
  const ends = [
    '</SubjectIdentifierType>',
    '</ds:SignedInfo>',
    '</ds:SignatureValue>',
    '</ds:X509Certificate>',
    '</xades:SignedProperties>',
  ];
  const places = spans.flatMap((start, index) => {
    const from = document.indexOf(start);
    const to = document.indexOf(ends[index] ?? '', from);
    return Array.from({ length: to - from }, (_, offset) => from + offset);
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.constantFrom('0', 'A', 'z', '/', '<', '"', '='),
      async (place, put) => {
        const changed = document.slice(0, place) + put + document.slice(place + 1);
        fc.pre(!saysTheSame(document, changed));
        const answer = await postSigned(harness, changed);
        expect(answer.status).toBe(400);
      },
    ),
    { numRuns: 300 },
  );
  expect((await postSigned(harness, await signed())).status).toBe(202);
});

/** The last character of a Base64 text has bits that mean nothing: whichever they are, it stands for the same bytes. */
function saysTheSame(one: string, other: string): boolean {
  const decoded = (text: string): string =>
    text.replaceAll(
      /(?<=<ds:(?:SignatureValue|X509Certificate)[^<>]*>)[A-Za-z0-9+/]+={1,2}(?=<)/g,
      (base64) => Buffer.from(base64, 'base64').toString('base64'),
    );
  return decoded(one) === decoded(other);
}
