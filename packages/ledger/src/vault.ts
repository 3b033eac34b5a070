import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { RandomBytes } from './ids.ts';

/** What a sealed value is for: part of what is authenticated, so that no value can stand in for another. */
export type SecretPurpose =
  | 'credential'
  | 'offline-certificate'
  | 'session-key'
  | 'part-upload'
  | 'access-token'
  | 'refresh-token'
  | 'webhook-secret'
  | 'probe';

/**
 * AES-256-GCM over what must not be readable in the database. A sealed value is
 * version (1) | key id (4) | nonce (12) | tag (16) | ciphertext; purpose and row are authenticated with it.
 */
export interface Vault {
  /** Names of the keys at hand, the one that seals first: bytes 2 to 5 of whatever each has sealed. */
  readonly keyIds: readonly [Buffer, ...Buffer[]];
  seal(purpose: SecretPurpose, row: string, secret: Uint8Array): Buffer;
  /** Throws VaultError where the key is another one or the value was tampered with. */
  open(purpose: SecretPurpose, row: string, sealed: Buffer): Buffer;
}

export class VaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VaultError';
  }
}

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** `earlierKeys` still open what was sealed with them, while new values are sealed with `key`. */
export function createVault(key: Buffer, earlierKeys: readonly Buffer[], randomBytes: RandomBytes): Vault {
  const sealingKey = createSecretKey(key);
  const keys = new Map(
    [key, ...earlierKeys].map((each) => [keyId(each).toString('hex'), createSecretKey(each)]),
  );
  const currentId = keyId(key);
  return {
    keyIds: [currentId, ...earlierKeys.map(keyId)],
    seal(purpose, row, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce);
      cipher.setAAD(associated(purpose, row));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), currentId, nonce, cipher.getAuthTag(), body]);
    },
    open(purpose, row, sealed) {
      return unseal(keys, purpose, row, sealed);
    },
  };
}

function unseal(keys: Map<string, KeyObject>, purpose: SecretPurpose, row: string, sealed: Buffer): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) {
    throw new VaultError(`the sealed ${purpose} was written by another version of wsad`);
  }
  const key = keys.get(sealed.subarray(1, 1 + KEY_ID_BYTES).toString('hex'));
  if (key === undefined) {
    throw new VaultError(
      `VAULT_KEY is not the key that the ${purpose} in this database was sealed with: set the earlier VAULT_KEY, or put the credentials again`,
    );
  }
  const nonceEnd = 1 + KEY_ID_BYTES + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1 + KEY_ID_BYTES, nonceEnd));
  decipher.setAAD(associated(purpose, row));
  decipher.setAuthTag(sealed.subarray(nonceEnd, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    throw new VaultError(`the sealed ${purpose} of ${row} has been changed in the database`);
  }
}

function associated(purpose: SecretPurpose, row: string): Buffer {
  return Buffer.from(`wsad|${purpose}|${row}`);
}

/** Names a key without telling anything about it. */
function keyId(key: Buffer): Buffer {
  if (key.length !== 32) throw new VaultError(`VAULT_KEY must be 32 bytes, not ${key.length}`);
  return createHash('sha256').update('wsad vault key').update(key).digest().subarray(0, KEY_ID_BYTES);
}
