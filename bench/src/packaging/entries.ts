/** Example invoices as the ledger keeps them. */
import { crc32 } from 'node:zlib';
import type { ArchiveEntry } from '@wsad/archive';
import { deflateRaw } from '@wsad/deflate';
import { makeInvoice } from '@wsad/samples';

const DIFFERENT_INVOICES = 500;

export interface Entry extends ArchiveEntry {
  readonly bytes: Buffer;
}

export function makeEntries(count: number): Entry[] {
  const made = Array.from({ length: Math.min(count, DIFFERENT_INVOICES) }, (_, seed) =>
    Buffer.from(makeInvoice({ nip: '5265877635', number: `FV/${seed}`, issueDate: '2026-02-01', seed })),
  );
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.from(made[index % made.length] ?? '');
    return {
      name: nameOf(index),
      bytes,
      deflated: deflateRaw(bytes),
      sizeBytes: bytes.length,
      crc32: crc32(bytes),
    };
  });
}

function nameOf(index: number): string {
  return `${String(index).padStart(5, '0')}.xml`;
}
