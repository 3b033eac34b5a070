import { type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  boolean,
  integer,
  nullValue,
  objectId,
  octetString,
  printableString,
  sequence,
  setOf,
  time,
  tlv,
  utf8String,
} from './der.ts';

/** X.509 v3 certificates (RFC 5280) as DER: the public keys KSeF shows, and those its clients sign with. */

const SHA256_WITH_RSA = sequence(objectId('1.2.840.113549.1.1.11'), nullValue);
const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const BASIC_CONSTRAINTS = objectId('2.5.29.19');
const KEY_USAGE = objectId('2.5.29.15');

const attributes = {
  country: { oid: '2.5.4.6', printable: true },
  commonName: { oid: '2.5.4.3', printable: false },
  organization: { oid: '2.5.4.10', printable: false },
  organizationIdentifier: { oid: '2.5.4.97', printable: false },
  givenName: { oid: '2.5.4.42', printable: false },
  surname: { oid: '2.5.4.4', printable: false },
  serialNumber: { oid: '2.5.4.5', printable: true },
} as const;

/** A subject or issuer, in the order its parts are written. */
export type DistinguishedName = Partial<Record<keyof typeof attributes, string>>;

export type CertificateRequest = {
  subject: DistinguishedName;
  issuer: DistinguishedName;
  serial: Buffer;
  validFrom: Date;
  validTo: Date;
  publicKey: KeyObject;
  /** The issuer's key, RSA or EC. */
  signingKey: KeyObject;
  /** true for a certificate that signs others. */
  authority?: boolean;
};

export function certificateDer(request: CertificateRequest): Buffer {
  const { signingKey } = request;
  const algorithm = signingKey.asymmetricKeyType === 'ec' ? ECDSA_WITH_SHA256 : SHA256_WITH_RSA;
  const version3 = tlv(0xa0, integer(Buffer.from([2])));
  const body = sequence(
    version3,
    integer(request.serial),
    algorithm,
    name(request.issuer),
    sequence(time(request.validFrom), time(request.validTo)),
    name(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions(request.authority ?? false)),
  );
  return sequence(body, algorithm, bitString(sign('sha256', body, signingKey)));
}

function name(parts: DistinguishedName): Buffer {
  const kinds = Object.entries(attributes);
  const written = kinds.flatMap(([kind, { oid, printable }]) => {
    const value = new Map(Object.entries(parts)).get(kind);
    if (value === undefined) return [];
    const text = printable ? printableString(value) : utf8String(value);
    return [setOf(sequence(objectId(oid), text))];
  });
  return sequence(...written);
}

function extensions(authority: boolean): Buffer {
  const constraints = authority ? sequence(boolean(true)) : sequence();
  const usage = tlv(0x03, authority ? Buffer.from([1, 0xc6]) : Buffer.from([6, 0xc0]));
  return sequence(
    sequence(BASIC_CONSTRAINTS, boolean(true), octetString(constraints)),
    sequence(KEY_USAGE, boolean(true), octetString(usage)),
  );
}
