/** The primitives that a package cannot do without, one after another: hash each, compress, hash, encrypt, hash. */
import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';
import type { Compression } from '@wsad/archive';

/** Of zlib: the one whose archive is as large as ours. */
const LEVEL = 4;

/** `StoredTarGz` begins with what the ledger keeps, and so unpacks each where the others hash each. */
export const BARE_WORK = ['TarGz', 'Zip', 'StoredTarGz'] as const satisfies (Compression | 'StoredTarGz')[];
export type BareWork = (typeof BARE_WORK)[number];

export interface BareInvoice {
  readonly bytes: Uint8Array;
  readonly deflated: Uint8Array;
}

/** Room for the output of a few dozen megabytes: in small pieces gzip would be slower. */
const OUTPUT_CHUNK_BYTES = 1 << 20;

const archive: Record<BareWork, (invoices: readonly BareInvoice[]) => Buffer> = {
  TarGz: (invoices) => gzipped(invoices.map(hashed)),
  Zip: (invoices) =>
    Buffer.concat(invoices.map(hashed).map((bytes) => deflateRawSync(bytes, { level: LEVEL }))),
  StoredTarGz: (invoices) => gzipped(invoices.map(({ deflated }) => inflateRawSync(deflated))),
};

export function bare(invoices: readonly BareInvoice[], work: BareWork): void {
  const plain = archive[work](invoices);
  hash('sha256', plain, 'base64');
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  hash('sha256', Buffer.concat([cipher.update(plain), cipher.final()]), 'base64');
}

function gzipped(invoices: readonly Uint8Array[]): Buffer {
  return gzipSync(Buffer.concat(invoices), { level: LEVEL, chunkSize: OUTPUT_CHUNK_BYTES });
}

function hashed({ bytes }: BareInvoice): Uint8Array {
  hash('sha256', bytes, 'base64');
  return bytes;
}
