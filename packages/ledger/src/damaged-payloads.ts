/** Looks again at the payloads of what is held because they were damaged. */
import { crc32 } from 'node:zlib';
import { originalBytes, type StoredBytes } from '@wsad/domain';
import { attempted, isCorruption, type Tx } from './db.ts';
import type { HeldInvoice } from './held-invoices.ts';

/** The ids of those that still are: nothing has mended them, and sending them again would only find it out once more. */
export async function damagedAmong(tx: Tx, held: readonly HeldInvoice[]): Promise<Set<string>> {
  const damaged = new Set<string>();
  for (const { id, cause } of held)
    if (cause === 'payload_damaged' && !(await isWhole(tx, id))) damaged.add(id);
  return damaged;
}

interface Payload extends StoredBytes {
  readonly crc32: number | null;
}

async function isWhole(tx: Tx, invoiceId: string): Promise<boolean> {
  const found = await attempted(tx, isCorruption, () =>
    tx.query<Payload>(
      `SELECT deflated, size_bytes AS "sizeBytes", sha256, crc32::float8
       FROM invoices JOIN payloads ON invoice_id = id WHERE id = $1`,
      [invoiceId],
    ),
  );
  const [payload] = found?.rows ?? [];
  return payload !== undefined && isOriginal(payload);
}

function isOriginal({ crc32: expected, ...stored }: Payload): boolean {
  const plain = originalBytes(stored);
  return plain !== null && (expected === null || crc32(plain) === expected);
}
