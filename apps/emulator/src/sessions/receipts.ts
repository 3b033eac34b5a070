import { createHash } from 'node:crypto';
import { upoXml } from '../processing/upo-xml.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';
import { type InvoiceRecord, plusMinutes, type Session } from './model.ts';

const DOWNLOAD_MINUTES = 24 * 60;

/** The receipt of one accepted invoice, or null while it has none. */
export function invoiceUpo(session: Session, invoice: InvoiceRecord): { xml: Buffer; hash: string } | null {
  if (invoice.verdict.code !== 200) return null;
  const xml = Buffer.from([...upoXml(session, [invoice], null)].join(''));
  return { xml, hash: createHash('sha256').update(xml).digest('base64') };
}

/** A fresh download address of a receipt, page or single, with its expiry. */
export function downloadAddress(
  world: World,
  base: string,
  session: Session,
  itemReference: string,
): { url: string; expires: string } {
  const until = plusMinutes(world.clock(), DOWNLOAD_MINUTES);
  const path = `/storage/upo/${session.referenceNumber}/${itemReference}`;
  return { url: world.signer.sign(base, path, 'r', until), expires: utcTimestamp(until) };
}
