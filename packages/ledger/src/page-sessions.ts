/** Who is logged in on a page: a cookie's token stands for a key, as long as both last. */
import type { ApiKey } from './api-keys.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordEvent } from './events.ts';

/** Whose it is: a key of the ledger, or ADMIN_TOKEN, of which a proof is kept that only both tokens together give. */
export type PageHolder =
  | { readonly kind: 'key'; readonly key: Pick<ApiKey, 'id' | 'role' | 'sellers'> }
  | { readonly kind: 'administrator'; readonly proof: string };

export interface PageSession {
  readonly holder: PageHolder;
  readonly createdAt: Date;
  readonly seenAt: Date;
}

/** Neither seen since the one nor begun before the other it is at its end. */
export interface PageLimits {
  readonly seenSince: Date;
  readonly begunSince: Date;
}

export async function openPageSession(
  db: Db,
  opened: {
    readonly tokenSha256: string;
    readonly holder: { readonly keyId: string } | { readonly adminProof: string };
    readonly actor: string;
    readonly now: Date;
  },
): Promise<void> {
  const { tokenSha256, holder, actor, now } = opened;
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO page_sessions (token_sha256, key_id, admin_proof, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)`,
      [
        tokenSha256,
        'keyId' in holder ? holder.keyId : null,
        'adminProof' in holder ? holder.adminProof : null,
        now,
      ],
    );
    await recordEvent(tx, { at: now, type: 'page.opened', actor });
  });
}

/** Null where there is none, where it is at its end, or where its key has been deleted. */
export async function findPageSession(
  db: Db,
  tokenSha256: string,
  { seenSince, begunSince }: PageLimits,
): Promise<PageSession | null> {
  const { rows } = await db.pool.query<PageRow>(
    `SELECT page_sessions.created_at, seen_at, admin_proof, api_keys.id, role, sellers
     FROM page_sessions LEFT JOIN api_keys ON api_keys.id = key_id AND deleted_at IS NULL
     WHERE token_sha256 = $1 AND seen_at > $2 AND page_sessions.created_at > $3`,
    [tokenSha256, seenSince, begunSince],
  );
  const [row] = rows;
  const holder = row === undefined ? null : holderOf(row);
  return row === undefined || holder === null
    ? null
    : { holder, createdAt: row.created_at, seenAt: row.seen_at };
}

interface PageRow {
  created_at: Date;
  seen_at: Date;
  admin_proof: string | null;
  id: string | null;
  role: ApiKey['role'] | null;
  sellers: string[] | null;
}

function holderOf({ admin_proof: proof, id, role, sellers }: PageRow): PageHolder | null {
  if (proof !== null) return { kind: 'administrator', proof };
  if (id === null || role === null) return null;
  return { kind: 'key', key: { id, role, sellers: sellers ?? 'all' } };
}

/** It is in use: what is idle ends. */
export async function touchPageSession(db: Db, tokenSha256: string, now: Date): Promise<void> {
  await db.pool.query('UPDATE page_sessions SET seen_at = greatest(seen_at, $2) WHERE token_sha256 = $1', [
    tokenSha256,
    now,
  ]);
}

export async function closePageSession(db: Db, tokenSha256: string, actor: string, now: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query('DELETE FROM page_sessions WHERE token_sha256 = $1', [tokenSha256]);
    if (rowCount === 1) await recordEvent(tx, { at: now, type: 'page.closed', actor });
  });
}

/** Long past any use: a page's session ends much sooner when nobody uses it. */
const KEPT_MS = 7 * 86_400_000;

export async function tidyPageSessions(db: Tx | Db['pool'], now: Date): Promise<void> {
  await db.query('DELETE FROM page_sessions WHERE seen_at < $1', [new Date(now.getTime() - KEPT_MS)]);
}
