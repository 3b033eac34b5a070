import type { Clock, RandomBytes } from './options.ts';
import { warsawDay } from './warsaw.ts';

/** The two letters in a reference number that tell what it names. */
export type ReferenceKind = 'AU' | 'CR' | 'EC' | 'EE' | 'EH' | 'EU' | 'SB' | 'SO';

/** Makes reference numbers of 36 characters: `YYYYMMDD-KK-10 hex-10 hex-2 hex` (pattern of the UPO schema). */
export type References = (kind: ReferenceKind) => string;

export function createReferences(clock: Clock, randomBytes: RandomBytes): References {
  return (kind) => referenceNumber(warsawDay(clock()), kind, randomBytes(11));
}

/** The reference a token has that nobody made here: the same token always has the same one. */
export function derivedReference(kind: ReferenceKind, digest: Buffer): string {
  return referenceNumber('2026-01-01', kind, digest);
}

function referenceNumber(day: string, kind: ReferenceKind, bytes: Buffer): string {
  const hex = bytes.toString('hex').toUpperCase();
  return `${day.replaceAll('-', '')}-${kind}-${hex.slice(0, 10)}-${hex.slice(10, 20)}-${hex.slice(20, 22)}`;
}
