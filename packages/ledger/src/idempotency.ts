import { type Db, inTransaction, storable } from './db.ts';

export interface IdempotentCall {
  /** Who calls for whom, such as `<api key id>/<nip>`: keys of others never meet. */
  readonly scope: string;
  readonly key: string;
}

export type IdempotentBegin =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'differs' }
  | { readonly kind: 'inProgress' };

/** How long an answer is kept for repetitions. */
const ANSWER_KEPT_MS = 7 * 86_400_000;
/** A call that has given no sign of life for this long has crashed: its sender, who repeats it, need not wait longer. */
const IN_PROGRESS_MS = 8_000;

/** `new` means that the caller is to do the work and then finish or abort it. */
export async function beginIdempotent(
  db: Db,
  call: IdempotentCall & { readonly requestHash: string; readonly now: Date },
): Promise<IdempotentBegin> {
  const { requestHash, now } = call;
  const expiresAt = new Date(now.getTime() + IN_PROGRESS_MS);
  return inTransaction(db.pool, async (tx) => {
    const begun = await tx.query(
      `INSERT INTO idempotency AS kept (scope, key, request_hash, begun_at, expires_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, status = NULL, body = NULL,
         begun_at = excluded.begun_at, expires_at = excluded.expires_at
         WHERE kept.expires_at <= $4`,
      [call.scope, storable(call.key), requestHash, now, expiresAt],
    );
    if (begun.rowCount === 1) return { kind: 'new' };
    const { rows } = await tx.query<{ request_hash: string; status: number | null; body: string | null }>(
      'SELECT request_hash, status, body FROM idempotency WHERE scope = $1 AND key = $2',
      [call.scope, storable(call.key)],
    );
    const [kept] = rows;
    if (kept === undefined) return { kind: 'inProgress' };
    if (kept.request_hash !== requestHash) return { kind: 'differs' };
    if (kept.status === null || kept.body === null) return { kind: 'inProgress' };
    return { kind: 'answered', status: kept.status, body: kept.body };
  });
}

/** Sign of life of a call that takes its time; to be given every second or two. */
export async function renewIdempotent(db: Db, call: IdempotentCall & { readonly now: Date }): Promise<void> {
  await db.pool.query(
    'UPDATE idempotency SET expires_at = $3 WHERE scope = $1 AND key = $2 AND status IS NULL',
    [call.scope, storable(call.key), new Date(call.now.getTime() + IN_PROGRESS_MS)],
  );
}

/** Keeps the answer for seven days. */
export async function finishIdempotent(
  db: Db,
  call: IdempotentCall & { readonly status: number; readonly body: string; readonly now: Date },
): Promise<void> {
  await db.pool.query(
    `UPDATE idempotency SET status = $3, body = $4, expires_at = $5 WHERE scope = $1 AND key = $2 AND status IS NULL`,
    [
      call.scope,
      storable(call.key),
      call.status,
      storable(call.body),
      new Date(call.now.getTime() + ANSWER_KEPT_MS),
    ],
  );
}

/** The work failed and left nothing behind: the key is free again. */
export async function abortIdempotent(db: Db, call: IdempotentCall): Promise<void> {
  await db.pool.query('DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND status IS NULL', [
    call.scope,
    storable(call.key),
  ]);
}
