/** Stored invoices that hardly compress, in pages as the ledger reads them, made as they are read. */
import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

const INVOICE_BYTES = 200_000;
const PAGE_INVOICES = 20;
const NOISE_BYTES = 4_000_000;

export interface Stored {
  ordinal: number;
  invoiceId: string;
  sha256: string;
  deflated: Buffer;
  sizeBytes: number;
  crc32: number;
}

/** Two pages of 4 MB are the most in memory: one is used while the next is read. */
export async function* storedInvoices(bytes: number): AsyncGenerator<Stored> {
  const noise = randomBytes(NOISE_BYTES);
  const count = Math.ceil(bytes / INVOICE_BYTES);
  let page = pageFrom(noise, 0, count);
  while (page.length > 0) {
    const next = pageFrom(noise, page.at(-1)?.ordinal ?? count, count);
    yield* page;
    page = next;
  }
}

function pageFrom(noise: Buffer, after: number, count: number): Stored[] {
  const size = Math.min(PAGE_INVOICES, count - after);
  return Array.from({ length: size }, (_, index) => storedInvoice(noise, after + index + 1));
}

function storedInvoice(noise: Buffer, ordinal: number): Stored {
  const from = (ordinal * 7919) % (noise.length - INVOICE_BYTES);
  const bytes = noise.subarray(from, from + INVOICE_BYTES);
  const deflated = deflateRawSync(bytes, { level: 0 });
  return {
    ordinal,
    invoiceId: String(ordinal),
    sha256: '',
    deflated,
    sizeBytes: bytes.length,
    crc32: crc32(bytes),
  };
}
