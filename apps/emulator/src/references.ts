import type { Clock, RandomBytes } from './options.ts';
import { warsawDay } from './warsaw.ts';

/** The two letters in a reference number that tell what it names. */
export type ReferenceKind = 'AU' | 'CR' | 'EC' | 'EE' | 'EH' | 'EU' | 'SB' | 'SO';

const REFERENCE_BYTES = 11;
/** Drawn at a time: asking for randomness takes longer than making a reference of it. */
const DRAWN_REFERENCES = 100;

/** Makes reference numbers of 36 characters: `YYYYMMDD-KK-10 hex-10 hex-2 hex` (pattern of the UPO schema). */
export type References = (kind: ReferenceKind) => string;

export function createReferences(clock: Clock, randomBytes: RandomBytes): References {
  let drawn: Buffer = Buffer.alloc(0);

  return (kind) => {
    if (drawn.length === 0) drawn = randomBytes(DRAWN_REFERENCES * REFERENCE_BYTES);
    const bytes = drawn.subarray(0, REFERENCE_BYTES);
    drawn = drawn.subarray(REFERENCE_BYTES);
    return referenceNumber(warsawDay(clock()), kind, bytes);
  };
}

/** The reference a token has that nobody made here: the same token always has the same one. */
export function derivedReference(kind: ReferenceKind, digest: Buffer): string {
  return referenceNumber('2026-01-01', kind, digest);
}

function referenceNumber(day: string, kind: ReferenceKind, bytes: Buffer): string {
  const hex = bytes.toString('hex').toUpperCase();
  return `${day.replaceAll('-', '')}-${kind}-${hex.slice(0, 10)}-${hex.slice(10, 20)}-${hex.slice(20, 22)}`;
}
