import { type KeyObject, sign } from 'node:crypto';

/** A self-signed X.509 certificate in DER, with as little in it as the standard allows. */
export function selfSigned(keys: { publicKey: KeyObject; privateKey: KeyObject }): Buffer {
  const algorithm = sequence(SHA256_WITH_RSA, der(0x05));
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from('KSeF test')))));
  const validity = sequence(utcTime('260101000000Z'), utcTime('300101000000Z'));
  const spki = keys.publicKey.export({ format: 'der', type: 'spki' });
  const toBeSigned = sequence(der(0x02, Buffer.from([1])), algorithm, name, validity, name, spki);
  const signature = sign('sha256', toBeSigned, keys.privateKey);
  return sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
}

const SHA256_WITH_RSA = der(0x06, Buffer.from('2a864886f70d01010b', 'hex'));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));

function sequence(...content: Buffer[]): Buffer {
  return der(0x30, ...content);
}

function set(...content: Buffer[]): Buffer {
  return der(0x31, ...content);
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80 ? [body.length] : [0x82, Math.floor(body.length / 256), body.length % 256];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
