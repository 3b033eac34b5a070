/** Finding accepted invoices again: their metadata page by page, or packages of them to download. */
import { z } from 'zod';
import { contextKey } from '../auth/caller.ts';
import { badRequest, problem } from '../http/errors.ts';
import { pageSizeOf, parseInput } from '../http/input.ts';
import { type Answer, json, type Operation, type ProtectedCall } from '../http/operation.ts';
import {
  type ExportPackage,
  exportDescriptions,
  type InvoiceExport,
  type PackagePart,
} from '../retrieval/exports.ts';
import { chosenInvoices, type Filters, filtersSchema } from '../retrieval/filters.ts';
import { metadataOf } from '../retrieval/metadata.ts';
import { processExport } from '../retrieval/process-export.ts';
import { plusMinutes } from '../sessions/model.ts';
import { encryptionOf, encryptionSchema } from '../sessions/open-schemas.ts';
import { storageBase } from '../storage/upload-host.ts';
import { utcTimestamp } from '../warsaw.ts';

const PAGE_SIZE_MAX = 250;
const RESULTS_MAX = 10_000;
const EXPORTS_RUNNING_MAX = 10;
const EXPORT_MINUTES = 7 * 24 * 60;

export const invoiceOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: '/invoices/query/metadata',
    access: ['AccessToken'],
    anyPermission: ['InvoiceRead'],
    group: 'invoiceMetadata',
    handle: queryMetadata,
  },
  {
    method: 'POST',
    path: '/invoices/exports',
    access: ['AccessToken'],
    anyPermission: ['InvoiceRead'],
    group: 'invoiceExport',
    handle: startExport,
  },
  {
    method: 'GET',
    path: '/invoices/exports/{referenceNumber}',
    access: ['AccessToken'],
    anyPermission: ['InvoiceRead'],
    group: 'invoiceExportStatus',
    handle: exportStatus,
  },
];

const pagingSchema = z.object({
  sortOrder: z.enum(['Asc', 'Desc']).default('Asc'),
  pageOffset: z.coerce.number().int().min(0).default(0),
});

/** A set of filters answers its first 10,000 invoices; the page that reaches them says there are more. */
async function queryMetadata({ world, caller, body, query }: ProtectedCall): Promise<Answer> {
  const filters = parseInput(filtersSchema, body);
  const { sortOrder, pageOffset } = parseInput(pagingSchema, Object.fromEntries(query));
  const pageSize = pageSizeOf(query, PAGE_SIZE_MAX);
  const ascending = await chosenInvoices(world, caller, filters);
  const chosen = sortOrder === 'Asc' ? ascending : ascending.toReversed();
  const start = pageOffset * pageSize;
  const end = Math.min(start + pageSize, RESULTS_MAX);
  const page = chosen.slice(start, Math.max(start, end));
  return json(200, {
    hasMore: chosen.length > end,
    isTruncated: end === RESULTS_MAX && chosen.length > RESULTS_MAX,
    ...highWaterMark(filters, world.clock()),
    invoices: await Promise.all(page.map((invoice) => metadataOf(world, invoice))),
  });
}

/** Everything accepted is stored at once here: all up to now is there. */
function highWaterMark({ dateRange }: Filters, now: Date): Record<string, string> {
  if (dateRange.dateType !== 'PermanentStorage') return {};
  return { permanentStorageHwmDate: utcTimestamp(now) };
}

const exportSchema = z.object({
  encryption: encryptionSchema,
  onlyMetadata: z.boolean().default(false),
  filters: filtersSchema,
  compressionType: z.enum(['Zip', 'TarGz']).nullish(),
});

function startExport({ world, caller, body }: ProtectedCall): Answer {
  const request = parseInput(exportSchema, body);
  const encryption = encryptionOf(request.encryption);
  world.keys.require(encryption.publicKeyId, 'SymmetricKeyEncryption');
  if (world.exports.running(caller.context) >= EXPORTS_RUNNING_MAX) {
    throw badRequest(21182, `Osiągnięto limit ${EXPORTS_RUNNING_MAX} równoczesnych eksportów faktur.`);
  }
  const wanted: InvoiceExport = {
    referenceNumber: world.references('EH'),
    caller,
    filters: request.filters,
    onlyMetadata: request.onlyMetadata,
    compression: request.compressionType ?? 'Zip',
    encryption,
    startedAt: world.clock(),
    completedAt: null,
    status: { code: 100 },
    package: null,
  };
  world.exports.add(wanted);
  world.background.start(() => processExport(world, wanted));
  return json(201, { referenceNumber: wanted.referenceNumber });
}

function exportStatus(call: ProtectedCall): Answer {
  const { world, caller, param } = call;
  const found = world.exports.get(param('referenceNumber'));
  if (found === undefined || contextKey(found.caller.context) !== contextKey(caller.context))
    throw badRequest(21175);
  if (world.clock() >= plusMinutes(found.startedAt, EXPORT_MINUTES)) {
    throw problem(410, 'Gone', 'Operacja wygasła i nie jest już dostępna.');
  }
  const { code, details } = found.status;
  return json(200, {
    status: { code, description: exportDescriptions[code], ...(details && { details }) },
    completedDate: found.completedAt && utcTimestamp(found.completedAt),
    packageExpirationDate: found.package && utcTimestamp(plusMinutes(found.startedAt, EXPORT_MINUTES)),
    package: found.package && describePackage(call, found, found.package),
  });
}

function describePackage(
  call: ProtectedCall,
  { filters, referenceNumber, completedAt }: InvoiceExport,
  { invoiceCount, size, parts, last }: ExportPackage,
): Record<string, unknown> {
  return {
    invoiceCount,
    size,
    parts: parts.map((part) => describePart(call, referenceNumber, part)),
    isTruncated: last !== null,
    ...(last !== null && lastDate(filters, last)),
    ...highWaterMark(filters, completedAt ?? call.world.clock()),
  };
}

function lastDate(
  { dateRange }: Filters,
  { issueDate, invoicingDate, storedAt }: NonNullable<ExportPackage['last']>,
): Record<string, string> {
  switch (dateRange.dateType) {
    case 'Issue':
      return { lastIssueDate: issueDate };
    case 'Invoicing':
      return { lastInvoicingDate: utcTimestamp(invoicingDate) };
    case 'PermanentStorage':
      return { lastPermanentStorageDate: utcTimestamp(storedAt) };
  }
}

const LINK_MINUTES = 60;

function describePart(
  { world, request }: ProtectedCall,
  referenceNumber: string,
  { ordinalNumber, plain, encrypted }: PackagePart,
): Record<string, unknown> {
  const until = plusMinutes(world.clock(), LINK_MINUTES);
  const path = `/storage/export/${referenceNumber}/${ordinalNumber}`;
  return {
    ordinalNumber,
    partName: `${referenceNumber}-${String(ordinalNumber).padStart(3, '0')}`,
    method: 'GET',
    url: world.signer.sign(storageBase(world, request), path, 'r', until),
    partSize: plain.size,
    partHash: plain.hash,
    encryptedPartSize: encrypted.size,
    encryptedPartHash: encrypted.hash,
    expirationDate: utcTimestamp(until),
  };
}
