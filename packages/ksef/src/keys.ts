/** KSeF's public keys: fetched once for all, kept for an hour at most and not to their end, chosen by use and validity. */
import { constants, createPublicKey, type KeyObject, publicEncrypt, X509Certificate } from 'node:crypto';
import { KsefFault } from '@wsad/domain';
import type { z } from 'zod';
import { plainFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { publicKeysAnswer } from './schemas.ts';

export type KeyUsage = 'KsefTokenEncryption' | 'SymmetricKeyEncryption';

export interface PublicKey {
  /** What a request names it by. */
  readonly publicKeyId: string;
  readonly usage: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly key: KeyObject;
}

export interface Keyring {
  all(): Promise<readonly PublicKey[]>;
  /** Fetches anew, however fresh the kept ones are. */
  refetch(): Promise<readonly PublicKey[]>;
  /** The key of this use that is valid now and began last. */
  keyFor(usage: KeyUsage): Promise<PublicKey>;
  /** KSeF would not take this key: the next use fetches anew, unless somebody has done so meanwhile. */
  forget(publicKeyId: string): void;
  /** KSeF could not read what some key encrypted: the next use fetches anew. */
  forgetAll(): void;
}

const KEPT_MS = 3_600_000;
/** From here to its end a key's successor is asked for, if only once a minute. */
const NEAR_END_MS = 900_000;
const KEPT_NEAR_END_MS = 60_000;
const CALL: Call = {
  operation: 'publicKeys',
  nip: null,
  method: 'GET',
  path: '/security/public-key-certificates',
};

export function createKeyring(caller: Caller, clock: () => Date): Keyring {
  let kept: { keys: readonly PublicKey[]; until: number } | null = null;
  let fetching: Promise<readonly PublicKey[]> | null = null;

  async function fetchKeys(): Promise<readonly PublicKey[]> {
    const keys = (await caller.json(CALL, publicKeysAnswer)).flatMap(readKey);
    kept = { keys, until: keptUntil(keys, clock().getTime()) };
    return keys;
  }

  function fetchOnce(): Promise<readonly PublicKey[]> {
    fetching ??= fetchKeys().finally(() => {
      fetching = null;
    });
    return fetching;
  }

  async function all(): Promise<readonly PublicKey[]> {
    return kept !== null && clock().getTime() < kept.until ? kept.keys : fetchOnce();
  }

  async function keyFor(usage: KeyUsage): Promise<PublicKey> {
    const key = choose(await all(), usage, clock()) ?? choose(await fetchOnce(), usage, clock());
    if (key !== undefined) return key;
    const description = `KSeF names no key valid now for ${usage}`;
    throw plainFault(contextOf(CALL), { status: 200, description, mayHaveWorked: false });
  }

  return {
    all,
    refetch: fetchOnce,
    keyFor,
    forget: (publicKeyId) => {
      if (kept?.keys.some((key) => key.publicKeyId === publicKeyId)) kept = null;
    },
    forgetAll: () => {
      kept = null;
    },
  };
}

/** Uses a key, and once more with a newly fetched one where KSeF has withdrawn it (21470). */
export async function withKey<T>(
  keyring: Keyring,
  usage: KeyUsage,
  use: (key: PublicKey) => Promise<T>,
): Promise<T> {
  const key = await keyring.keyFor(usage);
  try {
    return await use(key);
  } catch (error) {
    if (!(error instanceof KsefFault) || error.treatment !== 'refetch-key') throw error;
    keyring.forget(key.publicKeyId);
    return use(await keyring.keyFor(usage));
  }
}

/** RSA-OAEP with SHA-256, for its mask (MGF1) too, in base64. Source: KSeF documentation, encryption. */
export function encryptFor({ key }: PublicKey, bytes: Buffer): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, bytes).toString('base64');
}

/** The last valid key of some use decides: a successor that is listed already leaves no gap to be closed. */
function keptUntil(keys: readonly PublicKey[], now: number): number {
  const usages = new Set(keys.flatMap(({ usage }) => usage));
  const ends = [...usages].map((usage) =>
    Math.max(...keys.filter((key) => key.usage.includes(usage)).map(({ validTo }) => validTo.getTime())),
  );
  const nearEnd = Math.min(...ends.filter((end) => end > now)) - NEAR_END_MS;
  return Math.min(now + KEPT_MS, Math.max(nearEnd, now + KEPT_NEAR_END_MS));
}

function choose(keys: readonly PublicKey[], usage: KeyUsage, now: Date): PublicKey | undefined {
  return keys
    .filter((key) => key.usage.includes(usage) && key.validFrom <= now && now < key.validTo)
    .sort((left, right) => right.validFrom.getTime() - left.validFrom.getTime())[0];
}

/** One that cannot be read is passed over: its neighbours may be good. */
function readKey(listed: z.infer<typeof publicKeysAnswer>[number]): PublicKey[] {
  const key = publicKeyOf(Buffer.from(listed.certificate, 'base64'));
  if (key?.asymmetricKeyType !== 'rsa') return [];
  const { publicKeyId, usage, validFrom, validTo } = listed;
  return [{ publicKeyId, usage, validFrom, validTo, key }];
}

/** A certificate; the official example also shows a bare public key in its place. */
function publicKeyOf(der: Buffer): KeyObject | null {
  try {
    return new X509Certificate(der).publicKey;
  } catch {
    return bareKeyOf(der);
  }
}

function bareKeyOf(der: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
