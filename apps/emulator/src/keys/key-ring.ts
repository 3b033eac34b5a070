import {
  constants,
  createHash,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { badRequest } from '../http/errors.ts';
import type { Clock, RandomBytes } from '../options.ts';
import { certificateDer } from './certificate.ts';

export type KeyUsage = 'KsefTokenEncryption' | 'SymmetricKeyEncryption';

export type PublishedKey = {
  /** DER, base64. */
  certificate: string;
  certificateId: string;
  /** SHA-256 of the SubjectPublicKeyInfo, base64. */
  publicKeyId: string;
  validFrom: Date;
  validTo: Date;
  usage: KeyUsage;
};

/** The private key is PEM (PKCS#8). */
export type HeldKey = PublishedKey & { privateKey: string; withdrawn: boolean };

export type Rotation = {
  /** true withdraws the old keys at once; false leaves old and new valid side by side. */
  emergency: boolean;
};

/** The keys clients encrypt for, as the Ministry publishes and rotates them. */
export type KeyRing = {
  published(): PublishedKey[];
  /** Refuses with 400/21470 a key that is unknown, withdrawn or meant for something else. */
  require(publicKeyId: string | null | undefined, usage: KeyUsage): void;
  /** The plain bytes, or null where no key in force opens them. */
  decrypt(usage: KeyUsage, encrypted: Buffer, publicKeyId: string | null | undefined): Buffer | null;
  rotate(rotation: Rotation): Promise<void>;
};

const usages: readonly KeyUsage[] = ['KsefTokenEncryption', 'SymmetricKeyEncryption'];
const DAY_MS = 86_400_000;
const VALID_DAYS = 730;
const generateRsa = promisify(generateKeyPair);

/** Works on the keys it is given, and makes the first ones where there are none. */
export async function createKeyRing(
  keys: HeldKey[],
  clock: Clock,
  randomBytes: RandomBytes,
): Promise<KeyRing> {
  if (keys.length === 0) keys.push(...(await freshKeys(clock, randomBytes)));

  /** Reading a key out of its text takes as long as opening something with it. */
  const read = new WeakMap<HeldKey, KeyObject>();
  const openWith = (key: HeldKey, encrypted: Buffer): Buffer | null => {
    try {
      const known = read.get(key) ?? createPrivateKey(key.privateKey);
      read.set(key, known);
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      return privateDecrypt({ key: known, padding, oaepHash: 'sha256' }, encrypted);
    } catch {
      return null;
    }
  };
  const inForce = (): HeldKey[] => keys.filter((key) => !key.withdrawn && key.validTo > clock());

  function published(): PublishedKey[] {
    return inForce().map(({ privateKey: _private, withdrawn: _withdrawn, ...key }) => key);
  }

  function require(publicKeyId: string | null | undefined, usage: KeyUsage): void {
    if (publicKeyId === null || publicKeyId === undefined) return;
    if (inForce().some((key) => key.usage === usage && key.publicKeyId === publicKeyId)) return;
    throw badRequest(21470, `Klucz o identyfikatorze ${publicKeyId} nie jest wspierany.`);
  }

  function decrypt(
    usage: KeyUsage,
    encrypted: Buffer,
    publicKeyId: string | null | undefined,
  ): Buffer | null {
    for (const key of inForce()) {
      if (key.usage !== usage || (publicKeyId ?? key.publicKeyId) !== key.publicKeyId) continue;
      const plain = openWith(key, encrypted);
      if (plain !== null) return plain;
    }
    return null;
  }

  async function rotate({ emergency }: Rotation): Promise<void> {
    const fresh = await freshKeys(clock, randomBytes);
    const valid = inForce();
    const stays = emergency ? [] : valid.slice(-usages.length);
    for (const key of valid) key.withdrawn = !stays.includes(key);
    keys.push(...fresh);
  }

  return { published, require, decrypt, rotate };
}

async function freshKeys(clock: Clock, randomBytes: RandomBytes): Promise<HeldKey[]> {
  return Promise.all(usages.map((usage) => freshKey(usage, clock(), randomBytes(16))));
}

async function freshKey(usage: KeyUsage, now: Date, serial: Buffer): Promise<HeldKey> {
  const { publicKey, privateKey } = await generateRsa('rsa', { modulusLength: 2048 });
  const validFrom = new Date(now.getTime() - DAY_MS);
  const validTo = new Date(now.getTime() + VALID_DAYS * DAY_MS);
  const name = { commonName: `KSeF emulator ${usage}` };
  const der = certificateDer({
    subject: name,
    issuer: name,
    serial,
    validFrom,
    validTo,
    publicKey,
    signingKey: privateKey,
  });
  return {
    certificate: der.toString('base64'),
    certificateId: sha256(der),
    publicKeyId: sha256(publicKey.export({ type: 'spki', format: 'der' })),
    validFrom,
    validTo,
    usage,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    withdrawn: false,
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
