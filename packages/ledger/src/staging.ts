/**
 * A large call, checked, on its way to being accepted: it lies in the ledger instead of in memory until it is whole. Nothing has
 * been promised of it; whatever becomes of the call, what was staged goes.
 */
import type { AcceptStagedCommand, IntakeInvoice } from '@wsad/domain';
import { COLUMN_NAMES, columnParameters, columnsOf, joinedPayloads } from './accept-columns.ts';
import { type Intake, type IntakeRows, payloadParts } from './accept-insert.ts';
import { arrayText, type Db, type Tx } from './db.ts';
import { StageLost } from './errors.ts';
import { newId } from './ids.ts';

/** No call takes so long to come in. */
const STAGED_KEPT_MS = 3_600_000;
/** Of up to 4 MB each. */
const TIDY_PARTS_MAX = 500;

/** Keeps checked invoices for the call of this id until they are dropped. In any order, several at a time. */
export async function stage(db: Db, stageId: string, invoices: readonly IntakeInvoice[]): Promise<void> {
  for (const part of payloadParts(invoices)) {
    const { bytes, offsets, sizes } = joinedPayloads(part);
    const positions = part.map(({ position }) => position);
    await db.pool.query(
      `INSERT INTO staged_parts (call_id, part, position, crc32, at, size, deflated, ${COLUMN_NAMES})
       VALUES ($1, $2, $3::int[], $4::bigint[], $5::int[], $6::int[], $7, ${columnParameters(8)})`,
      [
        stageId,
        positions[0],
        arrayText(positions),
        arrayText(part.map(({ crc32 }) => crc32)),
        offsets,
        sizes,
        bytes,
        ...columnsOf(part),
      ],
    );
  }
}

/** Nothing of them passes through this process; each statement looks through all that was staged of the call. */
const CHUNK_INVOICES = 5_000;

/** The rows of a call that was staged. */
export function rowsOfStage({ stageId, invoices }: AcceptStagedCommand): IntakeRows {
  let parts: readonly Part[] = [];
  return {
    chunkInvoices: CHUNK_INVOICES,
    async assertThere(tx) {
      parts = await partsOf(tx, stageId);
      // A server that crashed, or gave its place to another, has forgotten what was staged there.
      const staged = parts.reduce((sum, { positions }) => sum + positions.length, 0);
      if (staged !== invoices.length) throw new StageLost();
    },
    from: (first) =>
      `unnest($${first}::uuid[], $${first + 1}::text[], $${first + 2}::int[])
         WITH ORDINALITY AS taken (id, corrected_sha256, position, nth)
       JOIN (
         SELECT intake.* FROM staged_parts
         CROSS JOIN LATERAL unnest(position, ${COLUMN_NAMES}) AS intake (position, ${COLUMN_NAMES})
         WHERE call_id = $${first + 3}
       ) AS intake USING (position) ORDER BY nth`,
    parameters: (chunk) => [
      arrayText(chunk.map(({ id }) => id)),
      arrayText(chunk.map(({ correctedSha256 }) => correctedSha256)),
      arrayText(chunk.map(({ invoice }) => invoice.position)),
      stageId,
    ],
    async insertPayloads(tx, taken) {
      const ids = new Map(taken.map(({ id, invoice }: Intake) => [invoice.position, id]));
      let inserted = 0;
      for (const { part, positions } of parts) {
        const idsOfPart = positions.map((position) => ids.get(position) ?? null);
        if (idsOfPart.every((id) => id === null)) continue;
        const { rowCount } = await tx.query(
          `INSERT INTO payloads (invoice_id, deflated, crc32)
           SELECT id, substring(bytes FROM of.at FOR of.size), of.crc32
           FROM (
             -- Joined with nothing it is read once, and not anew for each that is cut out of it.
             SELECT deflated || ''::bytea AS bytes, at, size, crc32 FROM staged_parts
             WHERE call_id = $1 AND part = $2 OFFSET 0
           ) AS staged
           CROSS JOIN LATERAL unnest(staged.at, staged.size, staged.crc32, $3::uuid[]) AS of (at, size, crc32, id)
           WHERE id IS NOT NULL`,
          [stageId, part, arrayText(idsOfPart)],
        );
        inserted += rowCount ?? 0;
      }
      // No invoice without its bytes, whatever has become of them meanwhile.
      if (inserted !== taken.length) throw new StageLost();
    },
  };
}

interface Part {
  readonly part: number;
  readonly positions: readonly number[];
}

/** They stay until the transaction ends: nobody tidies away what is being accepted. */
async function partsOf(tx: Tx, stageId: string): Promise<Part[]> {
  const { rows } = await tx.query<Part>(
    'SELECT part, position AS positions FROM staged_parts WHERE call_id = $1 ORDER BY part FOR KEY SHARE',
    [stageId],
  );
  return rows;
}

/** The call was accepted or came to nothing. */
export async function dropStaged(db: Db, stageId: string): Promise<void> {
  await db.pool.query('DELETE FROM staged_parts WHERE call_id = $1', [stageId]);
}

/**
 * What calls left behind whose process died: an id tells when it was made. By the lesser of both clocks, for one that runs
 * ahead would sweep away what is still coming in; a bounded amount at a time, and nothing that is being accepted.
 */
export async function tidyStaged(db: Db, now: Date, databaseNow: Date): Promise<void> {
  const nowMs = Math.min(now.getTime(), databaseNow.getTime());
  const oldest = newId(new Date(nowMs - STAGED_KEPT_MS), Buffer.alloc);
  await db.pool.query(
    `DELETE FROM staged_parts WHERE (call_id, part) IN (
       SELECT call_id, part FROM staged_parts WHERE call_id < $1
       ORDER BY call_id, part LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [oldest, TIDY_PARTS_MAX],
  );
}
