import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';
import { invoiceDescription, sessionDescription } from './descriptions.ts';
import {
  failureCount,
  type InvoiceRecord,
  plusMinutes,
  SESSION_HOURS,
  type Session,
  successCount,
  type Verdict,
} from './model.ts';
import { downloadAddress } from './receipts.ts';

type Json = Record<string, unknown>;

/** The body of `GET /sessions/{referenceNumber}`. */
export function sessionStatus(world: World, base: string, session: Session): Json {
  return {
    status: statusInfo(session),
    ...dates(session),
    upo: isOver(session) && session.upoPages.length > 0 ? upo(world, base, session) : null,
    invoiceCount: session.invoices.length,
    successfulInvoiceCount: successCount(session),
    failedInvoiceCount: failureCount(session),
  };
}

/** One session in the list of `GET /sessions`. */
export function sessionItem(session: Session): Json {
  return {
    referenceNumber: session.referenceNumber,
    status: statusInfo(session),
    ...dates(session),
    totalInvoiceCount: session.invoices.length,
    successfulInvoiceCount: successCount(session),
    failedInvoiceCount: failureCount(session),
  };
}

/** One invoice as its session tells of it; what is not known is left out. */
export function invoiceItem(world: World, base: string, session: Session, invoice: InvoiceRecord): Json {
  return {
    ordinalNumber: invoice.ordinalNumber,
    ...(invoice.invoiceNumber !== null && { invoiceNumber: invoice.invoiceNumber }),
    ...(invoice.ksefNumber !== null && { ksefNumber: invoice.ksefNumber }),
    referenceNumber: invoice.referenceNumber,
    invoiceHash: invoice.invoiceHash,
    ...(invoice.fileName !== null && { invoiceFileName: invoice.fileName }),
    ...(invoice.acquisitionDate !== null && acquisition(invoice.acquisitionDate)),
    invoicingDate: utcTimestamp(invoice.invoicingDate),
    ...(invoice.verdict.code === 200 && download(world, base, session, invoice)),
    ...(invoice.mode !== null && { invoicingMode: invoice.mode }),
    status: verdictInfo(invoice.verdict),
  };
}

function isOver(session: Session): boolean {
  return session.status.code >= 200;
}

function statusInfo(session: Session): Json {
  const { code, details } = session.status;
  return { code, description: sessionDescription(session), ...(details && { details }) };
}

function verdictInfo({ code, details, extensions }: Verdict): Json {
  return {
    code,
    description: invoiceDescription(code),
    ...(details && { details }),
    ...(extensions && { extensions }),
  };
}

function dates(session: Session): Json {
  return {
    dateCreated: utcTimestamp(session.createdAt),
    dateUpdated: utcTimestamp(session.updatedAt),
    validUntil: utcTimestamp(plusMinutes(session.createdAt, SESSION_HOURS * 60)),
  };
}

function upo(world: World, base: string, session: Session): Json {
  const pages = session.upoPages.map(({ referenceNumber }) => {
    const { url, expires } = downloadAddress(world, base, session, referenceNumber);
    return { referenceNumber, downloadUrl: url, downloadUrlExpirationDate: expires };
  });
  return { pages };
}

/** Permanent storage is always a little later than the number. */
function acquisition(acquisitionDate: Date): Json {
  const stored = new Date(acquisitionDate.getTime() + 1);
  return { acquisitionDate: utcTimestamp(acquisitionDate), permanentStorageDate: utcTimestamp(stored) };
}

function download(world: World, base: string, session: Session, invoice: InvoiceRecord): Json {
  const { url, expires } = downloadAddress(world, base, session, invoice.referenceNumber);
  return { upoDownloadUrl: url, upoDownloadUrlExpirationDate: expires };
}
