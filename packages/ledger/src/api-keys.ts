import { createHash } from 'node:crypto';
import { type Db, inTransaction } from './db.ts';
import { recordEvent } from './events.ts';
import { isUuid, newId } from './ids.ts';

export type ApiKeyRole = 'submit' | 'read' | 'admin';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: ApiKeyRole;
  readonly sellers: readonly string[] | 'all';
  readonly createdAt: Date;
}

const KEY_BYTES = 32;

/** SHA-256, hex: enough for a key that is random itself. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

/** Makes a key; it is told this once and kept only as its hash. */
export async function createApiKey(
  db: Db,
  wanted: {
    readonly name: string;
    readonly role: ApiKeyRole;
    readonly sellers: readonly string[] | 'all';
    readonly actor: string;
    readonly now: Date;
  },
): Promise<{ id: string; key: string }> {
  const { name, role, sellers, actor, now } = wanted;
  const id = newId(now, db.randomBytes);
  const key = `wsad_${db.randomBytes(KEY_BYTES).toString('base64url')}`;
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO api_keys (id, name, role, sellers, key_sha256, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, name, role, sellers === 'all' ? null : sellers, hashApiKey(key), actor, now],
    );
    await recordEvent(tx, { at: now, type: 'key.created', actor, detail: { id, name, role, sellers } });
  });
  return { id, key };
}

export async function listApiKeys(db: Db): Promise<ApiKey[]> {
  const { rows } = await db.pool.query<KeyRow>(`${SELECT_KEYS} ORDER BY id`);
  return rows.map(apiKey);
}

/** The living key with this hash (see hashApiKey); null where there is none. */
export async function findApiKey(db: Db, keySha256: string): Promise<ApiKey | null> {
  const { rows } = await db.pool.query<KeyRow>(`${SELECT_KEYS} AND key_sha256 = $1`, [keySha256]);
  const [row] = rows;
  return row === undefined ? null : apiKey(row);
}

/** False where there is no such living key. */
export async function deleteApiKey(db: Db, id: string, actor: string, now: Date): Promise<boolean> {
  if (!isUuid(id)) return false;
  return inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'UPDATE api_keys SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL',
      [id, now],
    );
    if (rowCount === 1) await recordEvent(tx, { at: now, type: 'key.deleted', actor, detail: { id } });
    return rowCount === 1;
  });
}

interface KeyRow {
  id: string;
  name: string;
  role: ApiKeyRole;
  sellers: string[] | null;
  created_at: Date;
}

const SELECT_KEYS = 'SELECT id, name, role, sellers, created_at FROM api_keys WHERE deleted_at IS NULL';

function apiKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    sellers: row.sellers ?? 'all',
    createdAt: row.created_at,
  };
}
