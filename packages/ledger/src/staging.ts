/**
 * Invoices of a large call, checked, on their way to being accepted: they lie in the ledger instead of in memory until the call
 * is whole. Nothing has been promised of them; whatever becomes of the call, they go.
 */
import type { AcceptStagedCommand, IntakeInvoice } from '@wsad/domain';
import { COLUMN_NAMES, columnParameters, columnsOf, joinedPayloads } from './accept-columns.ts';
import { type IntakeRows, payloadParts } from './accept-insert.ts';
import type { Db } from './db.ts';
import { StageLost } from './errors.ts';
import { newId } from './ids.ts';

/** No call takes so long to come in. */
const STAGED_KEPT_MS = 3_600_000;
/** Nothing of them passes through this process, so a statement may take many. */
const CHUNK_INVOICES = 2_000;

/** Keeps checked invoices for the call of this id until it is accepted or dropped. In any order, several at a time. */
export async function stage(db: Db, stageId: string, invoices: readonly IntakeInvoice[]): Promise<void> {
  for (const part of payloadParts(invoices)) {
    const { bytes, offsets, sizes } = joinedPayloads(part);
    await db.pool.query(
      `INSERT INTO staged_invoices (call_id, position, crc32, deflated, ${COLUMN_NAMES})
       SELECT $1, position, crc32, substring($2::bytea FROM at FOR size), ${COLUMN_NAMES}
       FROM unnest($3::int[], $4::bigint[], $5::int[], $6::int[], ${columnParameters(7)})
         AS intake (position, crc32, at, size, ${COLUMN_NAMES})`,
      [
        stageId,
        bytes,
        part.map(({ position }) => position),
        part.map(({ crc32 }) => crc32),
        offsets,
        sizes,
        ...columnsOf(part),
      ],
    );
  }
}

/** The rows of a call that was staged. */
export function rowsOfStage({ stageId, invoices }: AcceptStagedCommand): IntakeRows {
  return {
    chunkInvoices: CHUNK_INVOICES,
    // A server that crashed, or gave its place to another, has forgotten what was staged there.
    async assertThere(tx) {
      const { rows } = await tx.query<{ staged: number }>(
        'SELECT count(*)::int AS staged FROM staged_invoices WHERE call_id = $1',
        [stageId],
      );
      if (rows[0]?.staged !== invoices.length) throw new StageLost();
    },
    from: (first) =>
      `unnest($${first}::uuid[], $${first + 1}::text[], $${first + 2}::int[])
         WITH ORDINALITY AS taken (id, corrected_sha256, position, nth)
       JOIN staged_invoices USING (position) WHERE call_id = $${first + 3} ORDER BY nth`,
    parameters: (chunk) => [
      chunk.map(({ id }) => id),
      chunk.map(({ correctedSha256 }) => correctedSha256),
      chunk.map(({ invoice }) => invoice.position),
      stageId,
    ],
    async insertPayloads(tx, taken) {
      const { rowCount } = await tx.query(
        `INSERT INTO payloads (invoice_id, deflated, crc32)
         SELECT id, deflated, crc32 FROM unnest($1::uuid[], $2::int[]) AS taken (id, position)
         JOIN staged_invoices USING (position) WHERE call_id = $3`,
        [taken.map(({ id }) => id), taken.map(({ invoice }) => invoice.position), stageId],
      );
      if (rowCount !== taken.length) throw new StageLost();
    },
  };
}

/** The call was accepted or came to nothing. */
export async function dropStaged(db: Db, stageId: string): Promise<void> {
  await db.pool.query('DELETE FROM staged_invoices WHERE call_id = $1', [stageId]);
}

/** What calls left behind whose process died: an id tells when it was made. */
export async function tidyStaged(db: Db, now: Date, rowsMax: number): Promise<void> {
  const oldest = newId(new Date(now.getTime() - STAGED_KEPT_MS), Buffer.alloc);
  await db.pool.query(
    `DELETE FROM staged_invoices WHERE (call_id, position) IN (
       SELECT call_id, position FROM staged_invoices WHERE call_id < $1
       ORDER BY call_id, position LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [oldest, rowsMax],
  );
}
