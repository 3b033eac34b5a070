/** Works off one export: open the key, choose the invoices, make the package. */
import type { RegisteredInvoice } from '../processing/registry.ts';
import type { World } from '../world.ts';
import type { ExportPackage, InvoiceExport } from './exports.ts';
import { chosenInvoices } from './filters.ts';
import { type InvoiceMetadata, metadataOf, storedAt } from './metadata.ts';
import { type PackedEntry, packExport, type SessionCipher } from './pack.ts';

export const EXPORT_INVOICES_MAX = 10_000;

export async function processExport(world: World, wanted: InvoiceExport): Promise<void> {
  await world.background.wait(world.pace.batchMs);
  const cipher = openKey(world, wanted);
  if (cipher === null) wanted.status = { code: 415 };
  else await pack(world, wanted, cipher);
  wanted.completedAt = world.clock();
}

async function pack(world: World, wanted: InvoiceExport, cipher: SessionCipher): Promise<void> {
  try {
    wanted.package = await packageOf(world, wanted, cipher);
    wanted.status = { code: 200 };
  } catch (error) {
    wanted.status = { code: 500, details: [String(error)] };
  }
}

function openKey(world: World, { encryption }: InvoiceExport): SessionCipher | null {
  const { encryptedSymmetricKey, initializationVector: iv, publicKeyId } = encryption;
  const key = world.keys.decrypt('SymmetricKeyEncryption', encryptedSymmetricKey, publicKeyId);
  return key?.length === 32 && iv.length === 16 ? { key, iv } : null;
}

async function packageOf(world: World, wanted: InvoiceExport, cipher: SessionCipher): Promise<ExportPackage> {
  const all = await chosenInvoices(world, wanted.caller, wanted.filters);
  const invoices = all.slice(0, EXPORT_INVOICES_MAX);
  const last = all.length > invoices.length ? invoices.at(-1) : undefined;
  const packed = await packExport(world, wanted, entriesOf(world, wanted, invoices), cipher);
  return { ...packed, invoiceCount: invoices.length, last: last === undefined ? null : datesOf(last) };
}

function datesOf(invoice: RegisteredInvoice): NonNullable<ExportPackage['last']> {
  const { issueDate, invoicingDate } = invoice;
  return { issueDate, invoicingDate, storedAt: storedAt(invoice) };
}

function entriesOf(
  world: World,
  { onlyMetadata }: InvoiceExport,
  invoices: readonly RegisteredInvoice[],
): PackedEntry[] {
  const documents = invoices.map(({ ksefNumber, document }) => ({
    name: `${ksefNumber}.xml`,
    read: () => world.documents.read(document),
  }));
  const metadata = { name: '_metadata.json', read: () => metadataFile(world, invoices) };
  return onlyMetadata ? [metadata] : [...documents, metadata];
}

async function metadataFile(world: World, invoices: readonly RegisteredInvoice[]): Promise<Buffer> {
  const told: InvoiceMetadata[] = [];
  for (const invoice of invoices) told.push(await metadataOf(world, invoice));
  return Buffer.from(JSON.stringify({ invoices: told }));
}
