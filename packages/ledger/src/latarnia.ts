/** What KSeF's status service has said, kept for the record; it decides nothing by itself. */
import type { LatarniaMessage, LatarniaReading } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';

export interface Latarnia {
  /** AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE, or a word yet unknown. */
  readonly status: string;
  readonly readAt: Date;
  /** Those that came with the status, the newest first. */
  readonly messages: readonly LatarniaMessage[];
}

const MESSAGES_TOLD_MAX = 20;
/** What was read longer ago says nothing of now. */
const WORD_HOLDS_MS = 600_000;

/** Null where it has never been read. */
export async function latarnia(db: Db): Promise<Latarnia | null> {
  const { rows } = await db.pool.query<{ status: string | null; read_at: Date | null }>(
    'SELECT status, read_at FROM latarnia',
  );
  const { status = null, read_at: readAt = null } = rows[0] ?? {};
  if (status === null || readAt === null) return null;
  return { status, readAt, messages: await messagesInForce(db) };
}

/** The status, while it is fresh enough to count. */
export function latarniaWord(said: Latarnia | null, now: Date): string | null {
  return said !== null && now.getTime() - said.readAt.getTime() <= WORD_HOLDS_MS ? said.status : null;
}

const COLUMNS = `id, version, event_id AS "eventId", category, type, title, text, starts_at AS "startsAt",
  ends_at AS "endsAt", published_at AS "publishedAt", in_force AS "inForce"`;

async function messagesInForce(db: Db): Promise<LatarniaMessage[]> {
  const { rows } = await db.pool.query<LatarniaMessage>(
    `SELECT ${COLUMNS} FROM latarnia_messages WHERE in_force
     ORDER BY published_at DESC NULLS LAST, id, version DESC LIMIT $1`,
    [MESSAGES_TOLD_MAX],
  );
  return rows;
}

/** Every message that was ever read, the newest first. */
export async function latarniaMessages(db: Db, limit: number): Promise<LatarniaMessage[]> {
  const { rows } = await db.pool.query<LatarniaMessage>(
    `SELECT ${COLUMNS} FROM latarnia_messages ORDER BY published_at DESC NULLS LAST, id, version DESC LIMIT $1`,
    [limit],
  );
  return rows;
}

export async function recordLatarnia(db: Db, reading: LatarniaReading, at: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    await tx.query('UPDATE latarnia SET status = $1, read_at = $2, failures = 0', [
      storable(reading.status),
      at,
    ]);
    await tx.query('UPDATE latarnia_messages SET in_force = false WHERE in_force');
    for (const message of reading.messages) await keepMessage(tx, message, at);
  });
}

/** Answers how many readings in a row have failed by now. */
export async function recordLatarniaFailure(db: Db, error: string, at: Date): Promise<number> {
  const { rows } = await db.pool.query<{ failures: number }>(
    'UPDATE latarnia SET failures = failures + 1, last_error = $1, last_error_at = $2 RETURNING failures',
    [storable(error), at],
  );
  return rows[0]?.failures ?? 1;
}

async function keepMessage(tx: Tx, message: LatarniaMessage, at: Date): Promise<void> {
  const { id, version, eventId, category, type, title, text, startsAt, endsAt, publishedAt, inForce } =
    message;
  await tx.query(
    `INSERT INTO latarnia_messages (id, version, event_id, category, type, title, text, starts_at, ends_at, published_at,
       in_force, first_read_at, last_read_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
     ON CONFLICT (id, version) DO UPDATE SET ends_at = excluded.ends_at, in_force = excluded.in_force, last_read_at = excluded.last_read_at`,
    [
      storable(id),
      version,
      storable(eventId),
      storable(category),
      storable(type),
      storable(title),
      storable(text),
      startsAt,
      endsAt,
      publishedAt,
      inForce,
      at,
    ],
  );
}
