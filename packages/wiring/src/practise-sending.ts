/**
 * Threads start when they are first asked, V8 makes fast code only of what has run, and KSeF's keys are fetched when they are first
 * needed. All of that is done once when the process starts, so that the first session of a day waits for none of it.
 */
import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { deflateRaw } from '@wsad/deflate';
import { warsawDay } from '@wsad/domain';
import type { PackedInvoice, World } from '@wsad/engine';
import { practiceInvoices } from './practice-invoices.ts';

/** As much as gives every thread something to do. */
const INVOICES = 250;

/** Never rejects: what is wrong with KSeF shows with the first session, and is told there. */
export async function practiseSending({
  clock,
  compression,
  ksef,
  packager,
}: Pick<World, 'clock' | 'compression' | 'ksef' | 'packager'>): Promise<void> {
  // Not waited for: a KSeF that is away must not keep the process from starting.
  void ksef.probe().catch(() => undefined);
  try {
    const entries = packed(practiceInvoices(INVOICES, warsawDay(clock())).xmls);
    const built = await packager.build({ entries, compression, key: randomBytes(32), iv: randomBytes(16) });
    await built.dispose();
  } catch {}
}

async function* packed(xmls: readonly string[]): AsyncGenerator<PackedInvoice> {
  for (const [index, xml] of xmls.entries()) {
    const plain = Buffer.from(xml);
    const sha256 = hash('sha256', plain, 'base64');
    yield {
      name: `${index + 1}.xml`,
      deflated: deflateRaw(plain),
      sizeBytes: plain.length,
      crc32: crc32(plain),
      sha256,
    };
  }
}
