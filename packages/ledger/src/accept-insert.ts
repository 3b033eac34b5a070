import { type AcceptCommand, DAY_BEGINS_MARGIN_MS, type IntakeInvoice, startOfWarsawDay } from '@wsad/domain';
import type { Correction } from './accept-corrections.ts';
import { chunks, storable, type Tx } from './db.ts';
import { newIds, type RandomBytes } from './ids.ts';
import type { SellerLock } from './sellers.ts';

/** Enough to make round trips cheap, little enough to keep a statement's memory small. */
const CHUNK_INVOICES = 500;
/** Attachments make invoices a thousand times as long: a statement holds one that is longer than this alone. */
const PAYLOADS_BYTES = 4_000_000;

export interface Intake {
  readonly id: string;
  /** What KSeF tells invoices apart by, in one text. */
  readonly identity: string;
  readonly invoice: IntakeInvoice;
  /** A technical correction: the hash that it names to KSeF. */
  readonly correctedSha256: string | null;
}

/** Gives each its id, in the order of the call: the order of ids is the order of sending. */
export function prepareIntake(
  command: AcceptCommand,
  corrections: ReadonlyMap<number, Correction>,
  randomBytes: RandomBytes,
): Intake[] {
  const ids = newIds(command.now, command.invoices.length, randomBytes);
  return command.invoices.map((invoice, index) => {
    const { number, issuerNip, kind } = invoice.facts;
    const correction = corrections.get(invoice.position);
    const correctedSha256 = correction?.kind === 'of' ? correction.sha256 : null;
    return { id: ids[index] ?? '', identity: `${number}\n${issuerNip}\n${kind}`, invoice, correctedSha256 };
  });
}

/** Inserts those in whose way nothing stands, with their payloads; answers the ids that went in. */
export async function insertInvoices(
  tx: Tx,
  command: AcceptCommand,
  intakes: readonly Intake[],
  seller: SellerLock,
): Promise<Set<string>> {
  const inserted = new Set<string>();
  const beginOf = issueDayBegins();
  for (const chunk of chunks(intakes, CHUNK_INVOICES)) {
    const ids = await insertRows(tx, command, chunk, seller, beginOf);
    for (const id of ids) inserted.add(id);
    const taken = chunk.filter((intake) => inserted.has(intake.id));
    for (const part of payloadParts(taken)) await insertPayloads(tx, part);
  }
  return inserted;
}

async function insertRows(
  tx: Tx,
  command: AcceptCommand,
  chunk: readonly Intake[],
  seller: SellerLock,
  beginOf: (day: string) => Date,
): Promise<string[]> {
  const column = <T>(read: (invoice: IntakeInvoice) => T): T[] => chunk.map((intake) => read(intake.invoice));
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO invoices (
       id, nip, issuer_nip, form, kind, number, issue_date, sha256, size_bytes, mode, has_attachment,
       buyer_name, buyer_nip, currency, gross_amount, external_id, file_name, submission_id,
       state, hold_cause, hold_detail, held_at, not_before, due_at, accepted_at, corrected_sha256, urgent
     )
     SELECT id, $1, issuer_nip, form, kind, number, issue_date, sha256, size_bytes, $2, has_attachment,
       buyer_name, buyer_nip, currency, gross_amount, external_id, file_name, $3,
       CASE WHEN $4::text IS NULL THEN 'accepted' ELSE 'held' END, $4, $23::text, CASE WHEN $4 IS NOT NULL THEN $5::timestamptz END,
       not_before, $6, $5, corrected_sha256, $25
     FROM unnest(
       $7::uuid[], $8::text[], $9::text[], $10::text[], $11::text[], $12::date[], $13::text[], $14::int[], $15::bool[],
       $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[], $24::text[]
     ) AS intake (
       id, issuer_nip, form, kind, number, issue_date, sha256, size_bytes, has_attachment,
       buyer_name, buyer_nip, currency, gross_amount, external_id, file_name, not_before, corrected_sha256
     )
     ON CONFLICT DO NOTHING
     RETURNING id`,
    [
      command.nip,
      command.mode,
      command.submissionId,
      seller.holdCause,
      command.now,
      command.dueAt,
      chunk.map((intake) => intake.id),
      column((invoice) => invoice.facts.issuerNip),
      column((invoice) => invoice.facts.form),
      column((invoice) => invoice.facts.kind),
      column((invoice) => storable(invoice.facts.number)),
      column((invoice) => invoice.facts.issueDate),
      column((invoice) => invoice.sha256),
      column((invoice) => invoice.sizeBytes),
      column((invoice) => invoice.facts.hasAttachment),
      column((invoice) => storable(invoice.facts.buyerName)),
      column((invoice) => storable(invoice.facts.buyerNip)),
      column((invoice) => storable(invoice.facts.currency)),
      column((invoice) => storable(invoice.facts.grossAmount)),
      column((invoice) => storable(invoice.externalId)),
      column((invoice) => storable(invoice.fileName)),
      column((invoice) => beginOf(invoice.facts.issueDate)),
      seller.holdDetail,
      chunk.map((intake) => intake.correctedSha256),
      command.urgent,
    ],
  );
  return rows.map((row) => row.id);
}

function payloadParts(intakes: readonly Intake[]): Intake[][] {
  const parts: Intake[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const intake of intakes) {
    const { byteLength } = intake.invoice.deflated;
    if (bytes + byteLength > PAYLOADS_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(intake);
    bytes += byteLength;
  }
  return parts;
}

/** All payloads in one binary parameter, cut up by the server: as an array they would travel as text. */
async function insertPayloads(tx: Tx, chunk: readonly Intake[]): Promise<void> {
  const sizes = chunk.map((intake) => intake.invoice.deflated.byteLength);
  let next = 1;
  const offsets = sizes.map((size) => {
    const offset = next;
    next += size;
    return offset;
  });
  await tx.query(
    `INSERT INTO payloads (invoice_id, deflated, crc32)
     SELECT id, substring($1::bytea FROM at FOR size), crc32
     FROM unnest($2::uuid[], $3::int[], $4::int[], $5::bigint[]) AS cut (id, at, size, crc32)`,
    [
      Buffer.concat(chunk.map((intake) => intake.invoice.deflated)),
      chunk.map((intake) => intake.id),
      offsets,
      sizes,
      chunk.map((intake) => intake.invoice.crc32),
    ],
  );
}

/** The invoices of a call are of few days, and finding out when a day begins in Warsaw is slow. */
function issueDayBegins(): (day: string) => Date {
  const known = new Map<string, Date>();
  return (day) => {
    const begins = known.get(day) ?? new Date(startOfWarsawDay(day).getTime() + DAY_BEGINS_MARGIN_MS);
    known.set(day, begins);
    return begins;
  };
}
