import { decodeJwt } from 'jose';
import { buildUnsignedAuthTokenRequestXml, SignatureService } from 'ksef-client-ts';
import { expect, test } from 'vitest';
import type { CertificateOrder, IssuedCertificate } from '../src/index.ts';
import { at, call, openOnline, sendOnline, textAt } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';
import { elementTexts } from './support/upo-schema.ts';
import {
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

function issue(order: CertificateOrder): Promise<IssuedCertificate> {
  return harness.emulator.control.issueCertificate(order);
}

/** Signed by an implementation that is not the verifier's. */
async function signedBy(
  holder: IssuedCertificate,
  nip: string,
  subjectIdentifierType: 'certificateSubject' | 'certificateFingerprint' = 'certificateSubject',
): Promise<string> {
  const contextIdentifier = { type: 'Nip', value: nip } as const;
  const challenge = await freshChallenge(harness);
  const xml = buildUnsignedAuthTokenRequestXml({ challenge, contextIdentifier, subjectIdentifierType });
  return SignatureService.sign(xml, holder.certificatePem, holder.privateKeyPem);
}

async function statusOf(xml: string, query = ''): Promise<unknown> {
  return at(await loginStatus(harness, await postSigned(harness, xml, query)), 'status');
}

test.each([
  ['seal', 'rsa', 'QualifiedSeal'],
  ['seal', 'ec', 'QualifiedSeal'],
  ['personal', 'rsa', 'QualifiedSignature'],
  ['personal', 'ec', 'QualifiedSignature'],
] as const)('a %s with an %s key owns the context of its NIP', async (kind, key, method) => {
  const nip = freshNip();
  const init = await postSigned(harness, await signedBy(await issue({ kind, nip, key }), nip));
  expect(await loginStatus(harness, init)).toMatchObject({
    status: { code: 200 },
    authenticationMethod: method,
    authenticationMethodInfo: { category: 'XadesSignature' },
  });
  const token = textAt(init.body, 'authenticationToken.token');
  const redeemed = await call(harness, 'POST', '/auth/token/redeem', { token });
  const claims = decodeJwt(textAt(redeemed.body, 'accessToken.token'));
  expect(claims).toMatchObject({ cit: 'Nip', civ: nip, per: ['Owner'] });
});

const rsa = { signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' };
const ecdsa = { signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' };

test.each<[string, 'rsa' | 'ec', Signing]>([
  ['enveloped, exclusive', 'rsa', { ...rsa }],
  ['enveloped, inclusive with inherited namespaces', 'rsa', { ...rsa, canonicalization: 'inclusive' }],
  ['enveloping, exclusive', 'ec', { ...ecdsa, form: 'enveloping' }],
  ['enveloping, inclusive', 'ec', { ...ecdsa, form: 'enveloping', canonicalization: 'inclusive' }],
  ['with the older SigningCertificate', 'ec', { ...ecdsa, certificateElement: 'SigningCertificate' }],
  [
    'with SHA-512',
    'ec',
    {
      signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
      digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512',
      hash: 'sha512',
    },
  ],
])('a signature %s is good', async (_name, key, signing) => {
  const nip = freshNip();
  const holder = await issue({ kind: 'seal', nip, key });
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  expect(await statusOf(signByHand(request, holder, signing))).toMatchObject({ code: 200 });
});

test('a self-signed certificate is good here, unless the chain is asked for', async () => {
  const nip = freshNip();
  const holder = selfSignedSeal(nip);
  expect(await statusOf(await signedBy(holder, nip))).toMatchObject({ code: 200 });
  const strict = await statusOf(await signedBy(holder, nip), '?verifyCertificateChain=true');
  expect(strict).toMatchObject({ code: 460, details: ['Niezaufany łańcuch certyfikatów'] });
});

test('the receipt of a session names the document that was signed', async () => {
  const nip = freshNip();
  const document = await signedBy(await issue({ kind: 'seal', nip, key: 'ec' }), nip);
  const init = await postSigned(harness, document);
  const authentication = { token: textAt(init.body, 'authenticationToken.token') };
  const redeemed = await call(harness, 'POST', '/auth/token/redeem', authentication);
  const token = textAt(redeemed.body, 'accessToken.token');
  const session = await openOnline(harness, token);
  const invoice = await sendOnline(harness, token, session, Buffer.from(invoiceXml({ nip, number: '1' })));
  const ksefNumber = textAt(invoice, 'ksefNumber');
  const path = `/sessions/${session.reference}/invoices/ksef/${ksefNumber}/upo`;
  const { text } = await call(harness, 'GET', path, { token });
  expect(elementTexts(text, 'SkrotDokumentuUwierzytelniajacego')).toEqual([digest(document)]);
});
