import type { SessionMember } from '@wsad/domain';
import { escapeLiteral } from 'pg';
import { copyOut, type Field } from './copy-out.ts';
import { type Db, isCorruption } from './db.ts';
import { kept } from './kept-plans.ts';

export interface StoredPayload {
  readonly ordinal: number;
  readonly invoiceId: string;
  readonly sha256: string;
  /** Raw deflate of the original bytes; null where it is gone or cannot be read, and for an invoice that is in the session no more. */
  readonly deflated: Buffer | null;
  /** Of the original bytes. */
  readonly sizeBytes: number;
  /** Of the original bytes; null where an earlier version took the invoice in. */
  readonly crc32: number | null;
}

/** A page ends at whichever comes first; one payload is always taken, whatever its size. */
const PAGE_INVOICES_MAX = 500;
const PAGE_BYTES_MAX = 4_000_000;

/** Of rows without bytes. A whole one is part of a large session, which gives way before it reads on. */
const MEMBERS_PAGE = 1000;

/** Read a page at a time: the rows of a large session at once would keep everybody else waiting for 50 ms. */
export async function members(db: Db, sessionId: string): Promise<SessionMember[]> {
  const all: SessionMember[] = [];
  let next: number | null = 0;
  while (next !== null) {
    if (next > 0) await db.giveWay();
    const page: MembersPage = await membersPage(db, sessionId, next);
    all.push(...page.members);
    next = page.next;
  }
  return all;
}

/** A member whose invoice cannot be found. */
interface Lost {
  readonly ordinal: number;
  readonly sha256: null;
}

interface MembersPage {
  /** Without those that are lost. */
  readonly members: SessionMember[];
  /** The ordinal after which the next page begins; null on the last. */
  readonly next: number | null;
}

/** Each invoice by its id, whatever PostgreSQL knows of the tables: where it knows nothing yet it would join all of them for each page. */
async function membersPage(db: Db, sessionId: string, afterOrdinal: number): Promise<MembersPage> {
  const { rows } = await db.pool.query<SessionMember | Lost>(
    kept(`SELECT ordinal, invoice_id AS "invoiceId", sha256, number AS "invoiceNumber", size_bytes AS "sizeBytes", intent_at AS "intentAt",
       refused_at AS "refusedAt", page.reference, corrected_sha256 AS "correctedSha256",
       NOT (state IN ('sending', 'processing') AND own.session_id = $1) AS elsewhere
     FROM (
       SELECT ordinal, invoice_id, intent_at, refused_at, reference FROM session_members
       WHERE session_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3
     ) AS page LEFT JOIN LATERAL (
       SELECT sha256, number, size_bytes, corrected_sha256, state, session_id FROM invoices WHERE id = page.invoice_id LIMIT 1
     ) AS own ON true ORDER BY ordinal`),
    [sessionId, afterOrdinal, MEMBERS_PAGE],
  );
  const last = rows.at(-1);
  return {
    members: rows.filter((row) => row.sha256 !== null),
    next: last === undefined || rows.length < MEMBERS_PAGE ? null : last.ordinal,
  };
}

interface PayloadPage {
  readonly payloads: readonly StoredPayload[];
  /** Whether the last of the session's invoices is on it. */
  readonly isLast: boolean;
}

/** Stored invoices in ordinal order. While one page is used the next is read, so two pages are the most in memory. */
export async function* payloads(db: Db, sessionId: string): AsyncGenerator<StoredPayload> {
  let page = await readPage(db, sessionId, 0);
  for (;;) {
    const last = page.payloads.at(-1);
    const next = page.isLast || last === undefined ? null : readPage(db, sessionId, last.ordinal);
    // The error is thrown where `next` is awaited; until then nobody else may be blamed for it.
    next?.catch(() => {});
    yield* page.payloads;
    if (next === null) return;
    page = await next;
  }
}

/** One that PostgreSQL cannot read fails all that are read with it: fewer are read, down to itself, which has no bytes. */
async function readPage(
  db: Db,
  sessionId: string,
  afterOrdinal: number,
  invoicesMax = PAGE_INVOICES_MAX,
): Promise<PayloadPage> {
  const page = { sessionId, afterOrdinal, invoicesMax };
  try {
    return await readRows(db, page, { bytes: true });
  } catch (error) {
    if (!isCorruption(error)) throw error;
    if (invoicesMax === 1) return await readRows(db, page, { bytes: false });
    return await readPage(db, sessionId, afterOrdinal, Math.ceil(invoicesMax / 2));
  }
}

interface Page {
  readonly sessionId: string;
  readonly afterOrdinal: number;
  readonly invoicesMax: number;
}

async function readRows(
  db: Db,
  { sessionId, afterOrdinal, invoicesMax }: Page,
  { bytes }: { readonly bytes: boolean },
): Promise<PayloadPage> {
  const rows = await copyOut(
    db.pool,
    `SELECT ordinal, id::text, sha256, deflated, size_bytes, crc32, is_last FROM (
       SELECT ordinal, invoices.id, sha256, deflated, size_bytes, crc32::float8,
         ordinal >= (SELECT invoice_count FROM sessions WHERE sessions.id = ${escapeLiteral(sessionId)}) AS is_last,
         sum(coalesce(octet_length(deflated), 0)) OVER (ORDER BY ordinal) - coalesce(octet_length(deflated), 0) AS bytes_before
       FROM session_members
       JOIN invoices ON invoices.id = session_members.invoice_id
       LEFT JOIN payloads ON ${bytes} AND payloads.invoice_id = invoices.id
         AND invoices.session_id = session_members.session_id AND invoices.state IN ('sending', 'processing')
       WHERE session_members.session_id = ${escapeLiteral(sessionId)}
         AND ordinal > ${afterOrdinal} AND ordinal <= ${afterOrdinal + invoicesMax}
     ) AS page
     WHERE bytes_before < ${PAGE_BYTES_MAX} ORDER BY ordinal`,
  );
  return { payloads: rows.map(storedPayload), isLast: rows.at(-1)?.at(IS_LAST)?.readUInt8() === 1 };
}

/** Where that is said, behind what a payload has. */
const IS_LAST = 6;

function storedPayload([
  ordinal,
  invoiceId,
  sha256,
  deflated,
  sizeBytes,
  crc32,
]: readonly Field[]): StoredPayload {
  if (!ordinal || !invoiceId || !sha256 || !sizeBytes)
    throw new Error('an invoice without all that belongs to it');
  return {
    ordinal: ordinal.readInt32BE(),
    invoiceId: invoiceId.toString('latin1'),
    sha256: sha256.toString('latin1'),
    deflated: deflated ?? null,
    sizeBytes: sizeBytes.readInt32BE(),
    crc32: crc32?.readDoubleBE() ?? null,
  };
}
