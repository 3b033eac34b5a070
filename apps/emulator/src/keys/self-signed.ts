import { type KeyObject, sign } from 'node:crypto';
import { bitString, integer, nullValue, objectId, sequence, setOf, time, tlv, utf8String } from './der.ts';

const SHA256_WITH_RSA = sequence(objectId('1.2.840.113549.1.1.11'), nullValue);
const COMMON_NAME = objectId('2.5.4.3');

export type CertificateRequest = {
  commonName: string;
  serial: Buffer;
  validFrom: Date;
  validTo: Date;
  publicKey: KeyObject;
  privateKey: KeyObject;
};

/** A self-signed X.509 v3 certificate (RFC 5280) for an RSA key, as DER. */
export function selfSignedCertificate(request: CertificateRequest): Buffer {
  const name = sequence(setOf(sequence(COMMON_NAME, utf8String(request.commonName))));
  const version3 = tlv(0xa0, integer(Buffer.from([2])));
  const body = sequence(
    version3,
    integer(request.serial),
    SHA256_WITH_RSA,
    name,
    sequence(time(request.validFrom), time(request.validTo)),
    name,
    request.publicKey.export({ type: 'spki', format: 'der' }),
  );
  return sequence(body, SHA256_WITH_RSA, bitString(sign('sha256', body, request.privateKey)));
}
