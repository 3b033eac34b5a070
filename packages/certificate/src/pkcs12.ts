/**
 * PKCS#12 files (.p12, .pfx), old and new: Node opens them for TLS alone and gives nobody the key. node-forge knows
 * the ciphers of old ones (RC2, 3DES), which OpenSSL 3 has retired; keys and certificates leave it as DER, since it
 * understands RSA alone.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { CertificateRefused } from './refusal.ts';

takePassphrasesAsUtf8(forge.pki);

export interface Pkcs12Contents {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

export function openPkcs12(file: Buffer, passphrase = ''): Pkcs12Contents {
  const bags = safesOf(parse(file), passphrase).flatMap(({ safeBags }) => safeBags);
  return {
    certificates: bags
      .filter(({ type }) => type === forge.pki.oids.certBag)
      .map((bag) => new X509Certificate(derOf(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))),
    keys: bags.filter(({ type }) => KEY_BAGS.includes(type)).map(keyOf),
  };
}

const KEY_BAGS = [forge.pki.oids.keyBag, forge.pki.oids.pkcs8ShroudedKeyBag];

function parse(file: Buffer): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(file.toString('binary'));
  } catch {
    throw new CertificateRefused('pkcs12 is not a PKCS#12 file (.p12 or .pfx) in base64.');
  }
}

function safesOf(parsed: forge.asn1.Asn1, passphrase: string) {
  try {
    return forge.pkcs12.pkcs12FromAsn1(parsed, false, passphrase).safeContents;
  } catch (error) {
    const password = error instanceof Error && /password|decrypt/i.test(error.message);
    throw new CertificateRefused(
      password
        ? 'The passphrase does not open the PKCS#12 file.'
        : 'The PKCS#12 file cannot be read: export it anew, with the certificate, its key and a passphrase.',
    );
  }
}

/** A PKCS#8 key, whatever its algorithm; forge holds an RSA one as numbers. */
function keyOf(bag: forge.pkcs12.Bag): KeyObject {
  if (!bag.key) return createPrivateKey({ key: derOf(bag.asn1), format: 'der', type: 'pkcs8' });
  return createPrivateKey({
    key: derOf(forge.pki.privateKeyToAsn1(bag.key)),
    format: 'der',
    type: 'pkcs1',
  });
}

function derOf(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'binary');
}

type Deriving = (algorithm: string, parameters: unknown, passphrase: string) => unknown;

/**
 * The newer ciphers (PBES2) derive their key from the bytes of the passphrase, which are UTF-8; the older ones and the
 * seal of the file from its UTF-16. node-forge hands its characters to both, so one passphrase beyond ASCII would open
 * half of a file at most.
 */
function takePassphrasesAsUtf8(pki: object): void {
  const { pbe } = pki as { readonly pbe: { getCipherForPBES2: Deriving } };
  const derive = pbe.getCipherForPBES2;
  pbe.getCipherForPBES2 = (algorithm, parameters, passphrase) =>
    derive(algorithm, parameters, forge.util.encodeUtf8(passphrase));
}
