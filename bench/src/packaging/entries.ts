/** Example invoices as the ledger keeps them. */
import { deflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from '@wsad/archive';
import { inflateInvoiceSync } from '@wsad/invoice';
import { makeInvoice } from '@wsad/samples';

const DIFFERENT_INVOICES = 500;
/** As they are deflated when they are taken in. */
const STORED_LEVEL = 3;

export interface Entry extends ArchiveEntry {
  readonly bytes: Buffer;
  readonly deflated: Buffer;
}

export function makeEntries(count: number): Entry[] {
  const made = Array.from({ length: Math.min(count, DIFFERENT_INVOICES) }, (_, seed) =>
    Buffer.from(makeInvoice({ nip: '5265877635', number: `FV/${seed}`, issueDate: '2026-02-01', seed })),
  );
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.from(made[index % made.length] ?? '');
    return { name: nameOf(index), bytes, deflated: deflated(bytes) };
  });
}

function nameOf(index: number): string {
  return `${String(index).padStart(5, '0')}.xml`;
}

function deflated(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { level: STORED_LEVEL });
}

/** As the worker reads them: inflated one by one as the package takes them. */
export function* fromLedger(entries: readonly Entry[]): Generator<ArchiveEntry> {
  for (const { name, deflated: stored } of entries)
    yield { name, bytes: inflateInvoiceSync(stored), deflated: stored };
}

/** As if they had not been deflated when they were taken in. */
export function* deflating(entries: readonly Entry[]): Generator<ArchiveEntry> {
  for (const { name, bytes } of entries) yield { name, bytes, deflated: deflated(bytes) };
}
