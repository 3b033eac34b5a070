import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { readAuthTokenRequest } from '../src/auth/auth-token-request.ts';
import { official, officialFilesMissing } from './support/official-files.ts';
import { AUTH } from './support/xades.ts';

const challenge = '20260316-CR-0123456789-ABCDEF0123-4F';
const ok = `<Challenge>${challenge}</Challenge>`;
const nip = '<ContextIdentifier><Nip>5265877635</Nip></ContextIdentifier>';
const subject = '<SubjectIdentifierType>certificateSubject</SubjectIdentifierType>';

function policy(inner: string): string {
  return `${ok}${nip}${subject}<AuthorizationPolicy><AllowedIps>${inner}</AllowedIps></AuthorizationPolicy>`;
}

/** The reading by hand and the official schema have to agree on each of these. */
const bodies = [
  `${ok}${nip}${subject}`,
  `${nip}${ok}${subject}`,
  `${ok}${nip}`,
  `${ok}${nip}${subject}${subject}`,
  `${ok}${nip}text${subject}`,
  `<Challenge> ${challenge}\n</Challenge>${nip}${subject}`,
  `<Challenge>${challenge.toLowerCase()}</Challenge>${nip}${subject}`,
  `<Challenge a="b">${challenge}</Challenge>${nip}${subject}`,
  `<Challenge><b/>${challenge}</Challenge>${nip}${subject}`,
  `${ok}<ContextIdentifier><Nip> 5265877635</Nip></ContextIdentifier>${subject}`,
  `${ok}<ContextIdentifier><Nip>5005877635</Nip></ContextIdentifier>${subject}`,
  `${ok}<ContextIdentifier><InternalId>5265877635-12345</InternalId></ContextIdentifier>${subject}`,
  `${ok}<ContextIdentifier><InternalId>5265877635-1234</InternalId></ContextIdentifier>${subject}`,
  `${ok}<ContextIdentifier></ContextIdentifier>${subject}`,
  `${ok}<ContextIdentifier><Nip xmlns="urn:other">5265877635</Nip></ContextIdentifier>${subject}`,
  `${ok}${nip}<SubjectIdentifierType>certificateFingerprint</SubjectIdentifierType>`,
  `${ok}${nip}<SubjectIdentifierType>CertificateSubject</SubjectIdentifierType>`,
  `${ok}${nip}${subject}<AuthorizationPolicy></AuthorizationPolicy>`,
  policy(''),
  policy(
    '<Ip4Address>192.168.0.1</Ip4Address><Ip4Range>10.0.0.1-10.0.0.9</Ip4Range><Ip4Mask>10.0.0.0/8</Ip4Mask>',
  ),
  policy('<Ip4Range>10.0.0.1-10.0.0.9</Ip4Range><Ip4Address>192.168.0.1</Ip4Address>'),
  policy('<Ip4Address>192.168.0.256</Ip4Address>'),
  policy('<Ip4Address>192.168.0</Ip4Address>'),
  policy('<Ip4Address>192.168.0.1.</Ip4Address>'),
  policy('<Ip4Address>192.168.0.01</Ip4Address>'),
  policy('<Ip4Mask>10.0.0.0/33</Ip4Mask>'),
  policy('<Ip4Range>10.0.0.1</Ip4Range>'),
  policy('<Ip4Address>10.0.0.1</Ip4Address>'.repeat(10)),
  policy('<Ip4Address>10.0.0.1</Ip4Address>'.repeat(11)),
  policy('<Ip6Address>::1</Ip6Address>'),
];

function readable(xml: string): boolean {
  try {
    readAuthTokenRequest(Buffer.from(xml));
    return true;
  } catch {
    return false;
  }
}

function validBySchema(xml: string): boolean {
  using schema = XmlDocument.fromBuffer(official('schemas/schemat_auth_v2-1.xsd'));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(officialFilesMissing).each(bodies)('the schema and the reading agree on %s', (body) => {
  const xml = `<AuthTokenRequest xmlns="${AUTH}">${body}</AuthTokenRequest>`;
  expect(readable(xml)).toBe(validBySchema(xml));
});

test('what was read', () => {
  const xml = `<AuthTokenRequest xmlns="${AUTH}">${ok}${nip}${subject}</AuthTokenRequest>`;
  expect(readAuthTokenRequest(Buffer.from(xml))).toEqual({
    challenge,
    context: { type: 'Nip', value: '5265877635' },
    subjectIdentifierType: 'certificateSubject',
  });
});
