import type { AcceptCommand, AcceptStagedCommand, IntakeHead, IntakeInvoice } from '@wsad/domain';
import { COLUMN_NAMES, columnParameters, columnsOf, joinedPayloads } from './accept-columns.ts';
import type { Correction } from './accept-corrections.ts';
import { liveInvoices } from './accept-live.ts';
import { arrayText, attempted, chunks, codeOf, type Tx } from './db.ts';
import { newIds, type RandomBytes } from './ids.ts';
import type { SellerLock } from './sellers.ts';

/** Enough to make round trips cheap, little enough to keep a statement's memory small. */
const CHUNK_INVOICES = 500;
/** Attachments make invoices a thousand times as long: a statement holds one that is longer than this alone. */
const PAYLOADS_BYTES = 4_000_000;

/** In the way of so many at once there is nearly always nothing; where there is, the rest of the call is not tried again. */
const CLEAR_INVOICES_MIN = 100;
/** So many tell a call that came before, in whole or for a good part, from one that did not. */
const LOOKED_FOR = 20;
const UNIQUE_VIOLATION = '23505';

export interface Intake {
  readonly id: string;
  /** What KSeF tells invoices apart by, in one text. */
  readonly identity: string;
  readonly invoice: IntakeHead;
  /** A technical correction: the hash that it names to KSeF. */
  readonly correctedSha256: string | null;
}

/** Where the rows of a call come from: the call itself, or what was staged of it. */
export interface IntakeRows {
  /** So many in a statement. */
  readonly chunkInvoices: number;
  /** @throws StageLost where some of them are not */
  assertThere(tx: Tx): Promise<void>;
  /** `FROM` what its parameters name, from `$first` on: an id, a corrected hash and `COLUMN_NAMES`, in the order given. */
  from(first: number): string;
  parameters(chunk: readonly Intake[]): unknown[];
  insertPayloads(tx: Tx, taken: readonly Intake[]): Promise<void>;
}

/** Gives each its id, in the order of the call: the order of ids is the order of sending. */
export function prepareIntake(
  command: AcceptCommand | AcceptStagedCommand,
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
  command: AcceptCommand | AcceptStagedCommand,
  rows: IntakeRows,
  intakes: readonly Intake[],
  seller: SellerLock,
): Promise<Set<string>> {
  const inserted = new Set<string>();
  let isClear = intakes.length >= CLEAR_INVOICES_MIN && (await looksNew(tx, intakes));
  for (const chunk of chunks(intakes, rows.chunkInvoices)) {
    const insert = insertOf(command, rows, chunk, seller);
    const all = isClear ? await insertAll(tx, insert) : null;
    isClear = all !== null;
    for (const id of all ?? (await insertPossible(tx, insert))) inserted.add(id);
    const taken = chunk.filter((intake) => inserted.has(intake.id));
    if (taken.length > 0) await rows.insertPayloads(tx, taken);
  }
  return inserted;
}

/**
 * Whether none of some of them, from the first to the last, is here. PostgreSQL writes each refused INSERT into its log, with
 * what stood in the way, and to send a call again is nothing that belongs there.
 */
async function looksNew(tx: Tx, intakes: readonly Intake[]): Promise<boolean> {
  const step = (intakes.length - 1) / (LOOKED_FOR - 1);
  const some = Array.from({ length: LOOKED_FOR }, (_, nth) => intakes[Math.round(nth * step)] ?? []);
  return (await liveInvoices(tx, some.flat())).size === 0;
}

interface Insert {
  readonly text: string;
  readonly values: unknown[];
}

function insertOf(
  { nip, mode, submissionId, now, dueAt, urgent }: AcceptCommand | AcceptStagedCommand,
  rows: IntakeRows,
  chunk: readonly Intake[],
  { holdCause, holdDetail }: SellerLock,
): Insert {
  return {
    text: `INSERT INTO invoices (
       id, nip, mode, submission_id, state, hold_cause, hold_detail, held_at, due_at, accepted_at, urgent,
       corrected_sha256, ${COLUMN_NAMES}
     )
     SELECT id, $1, $2, $3, CASE WHEN $4::text IS NULL THEN 'accepted' ELSE 'held' END, $4, $5::text,
       CASE WHEN $4 IS NOT NULL THEN $6::timestamptz END, $7, $6, $8, corrected_sha256, ${COLUMN_NAMES}
     FROM ${rows.from(9)}`,
    values: [nip, mode, submissionId, holdCause, holdDetail, now, dueAt, urgent, ...rows.parameters(chunk)],
  };
}

async function insertPossible(tx: Tx, { text, values }: Insert): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`${text} ON CONFLICT DO NOTHING RETURNING id`, values);
  return rows.map(({ id }) => id);
}

/**
 * For a call that looks new. Told to pass over what stands in the way, PostgreSQL looks for it in every index beforehand: a
 * third of what inserting costs. Null where something does; then none of them went in.
 */
async function insertAll(tx: Tx, { text, values }: Insert): Promise<string[] | null> {
  const isInTheWay = (error: unknown): boolean => codeOf(error) === UNIQUE_VIOLATION;
  const all = await attempted(tx, isInTheWay, () => tx.query<{ id: string }>(`${text} RETURNING id`, values));
  return all?.rows.map(({ id }) => id) ?? null;
}

/** The rows of a call that is in memory. */
export function rowsOfCall({ invoices }: AcceptCommand): IntakeRows {
  const byPosition = new Map(invoices.map((invoice) => [invoice.position, invoice]));
  const known = (chunk: readonly Intake[]): IntakeInvoice[] =>
    chunk.flatMap((intake) => byPosition.get(intake.invoice.position) ?? []);
  return {
    chunkInvoices: CHUNK_INVOICES,
    assertThere: async () => {},
    from: (first) =>
      `unnest($${first}::uuid[], $${first + 1}::text[], ${columnParameters(first + 2)})
         AS intake (id, corrected_sha256, ${COLUMN_NAMES})`,
    parameters: (chunk) => [
      arrayText(chunk.map(({ id }) => id)),
      arrayText(chunk.map(({ correctedSha256 }) => correctedSha256)),
      ...columnsOf(known(chunk)),
    ],
    async insertPayloads(tx, taken) {
      const ids = new Map(taken.map(({ id, invoice }) => [invoice.position, id]));
      for (const part of payloadParts(known(taken))) {
        await insertPayloads(
          tx,
          part,
          part.map(({ position }) => ids.get(position) ?? null),
        );
      }
    },
  };
}

/** As many as a statement should hold the bytes of, in turn. */
export function payloadParts(invoices: readonly IntakeInvoice[]): IntakeInvoice[][] {
  const parts: IntakeInvoice[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const invoice of invoices) {
    const { byteLength } = invoice.deflated;
    if (bytes + byteLength > PAYLOADS_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(invoice);
    bytes += byteLength;
  }
  return parts;
}

/** All payloads in one binary parameter, cut up by the server. */
async function insertPayloads(
  tx: Tx,
  invoices: readonly IntakeInvoice[],
  ids: readonly (string | null)[],
): Promise<void> {
  const { bytes, offsets, sizes } = joinedPayloads(invoices);
  await tx.query(
    `INSERT INTO payloads (invoice_id, deflated, crc32)
     SELECT id, substring($1::bytea FROM at FOR size), crc32
     FROM unnest($2::uuid[], $3::int[], $4::int[], $5::bigint[]) AS cut (id, at, size, crc32)`,
    [bytes, arrayText(ids), offsets, sizes, arrayText(invoices.map(({ crc32 }) => crc32))],
  );
}
