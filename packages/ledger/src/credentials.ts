import {
  type CertificateFacts,
  type Credential,
  HOLDS_CURED_BY_CREDENTIALS,
  type LoginSecret,
} from '@wsad/domain';
import { reconcileAnew } from './behind.ts';
import { CERTIFICATE_COLUMNS, certificateValues, secretBytes, secretOf } from './certificates.ts';
import { type Db, inTransaction, lockNamed, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { newId } from './ids.ts';
import { kept } from './kept-plans.ts';
import { type Cured, type Released, releaseHeld } from './release.ts';
import { ensureSeller, SELLERS_WITH_LOGIN } from './sellers.ts';

export type CredentialOwner = { readonly nip: string } | { readonly sharedName: string };

/** A certificate comes with what may be told of it. */
export type NewLoginSecret =
  | Extract<LoginSecret, { type: 'ksefToken' }>
  | (Extract<LoginSecret, { type: 'certificate' }> & { readonly facts: CertificateFacts });

export interface PutCredentials {
  readonly owner: CredentialOwner;
  readonly secret: NewLoginSecret;
  readonly actor: string;
  readonly now: Date;
}

/**
 * Sets or replaces credentials, of one seller (made where new) or shared. Replaced ones stay readable by id until no
 * session needs them. The login starts anew, and what was held for want of good credentials goes on.
 */
export async function putCredentials(db: Db, put: PutCredentials): Promise<Released> {
  return inTransaction(db.pool, async (tx) => {
    const { owner, now } = put;
    const nips =
      'nip' in owner ? await lockOwnSeller(tx, owner.nip, now) : await lockSharers(tx, owner.sharedName);
    const replaced = await retire(tx, owner, now);
    if ('nip' in owner) await tx.query('UPDATE sellers SET shared_name = NULL WHERE nip = $1', [owner.nip]);
    const id = await insertCredential(db, tx, put);
    await reconcileAnew(tx, nips, now);
    await recordEvent(tx, {
      at: now,
      type: 'credentials.put',
      actor: put.actor,
      ...nipOf(owner),
      detail: { ...owner, id, type: put.secret.type, replaced },
    });
    return releaseHeld(tx, nips, curedBy(put.actor), now);
  });
}

/** Lets a seller (made where new) use shared credentials; null where nobody has put any under this name. */
export async function bindSharedCredentials(
  db: Db,
  bind: { readonly nip: string; readonly sharedName: string; readonly actor: string; readonly now: Date },
): Promise<Released | null> {
  return inTransaction(db.pool, async (tx) => {
    const { nip, sharedName, now } = bind;
    await lockNamed(tx, `shared|${sharedName}`);
    const found = await tx.query('SELECT FROM credentials WHERE shared_name = $1 AND retired_at IS NULL', [
      sharedName,
    ]);
    if (found.rowCount === 0) return null;
    await lockOwnSeller(tx, nip, now);
    const replaced = await retire(tx, { nip }, now);
    await tx.query('UPDATE sellers SET shared_name = $2 WHERE nip = $1', [nip, sharedName]);
    await reconcileAnew(tx, [nip], now);
    await recordEvent(tx, {
      at: now,
      type: 'credentials.bound',
      actor: bind.actor,
      nip,
      detail: { sharedName, replaced },
    });
    return releaseHeld(tx, [nip], curedBy(bind.actor), now);
  });
}

/** The credentials in use, with their secret; null where the seller has none. */
export async function credentialOf(db: Db, nip: string): Promise<Credential | null> {
  const { rows } = await db.pool.query<StoredCredential>(
    kept(
      `SELECT credentials.id, credentials.type, credentials.sealed ${SELLERS_WITH_LOGIN} WHERE sellers.nip = $1 AND credentials.id IS NOT NULL`,
    ),
    [nip],
  );
  return unsealed(db, rows[0]);
}

/** Also replaced ones, while a session still needs them. */
export async function credentialById(db: Db, id: string): Promise<Credential | null> {
  const { rows } = await db.pool.query<StoredCredential>(
    'SELECT id, type, sealed FROM credentials WHERE id = $1',
    [id],
  );
  return unsealed(db, rows[0]);
}

interface StoredCredential {
  id: string;
  type: LoginSecret['type'];
  sealed: Buffer | null;
}

function unsealed(db: Db, stored: StoredCredential | undefined): Credential | null {
  if (stored === undefined || stored.sealed === null) return null;
  const { id, type } = stored;
  const opened = db.vault.open('credential', id, stored.sealed);
  return type === 'ksefToken'
    ? { id, type, token: opened.toString('utf8') }
    : { id, type, ...secretOf(opened) };
}

function bytesOf(secret: NewLoginSecret): Buffer {
  return secret.type === 'ksefToken' ? Buffer.from(secret.token, 'utf8') : secretBytes(secret);
}

async function lockOwnSeller(tx: Tx, nip: string, now: Date): Promise<string[]> {
  await ensureSeller(tx, nip, now);
  await tx.query('SELECT FROM sellers WHERE nip = $1 FOR UPDATE', [nip]);
  return [nip];
}

async function lockSharers(tx: Tx, sharedName: string): Promise<string[]> {
  await lockNamed(tx, `shared|${sharedName}`);
  const { rows } = await tx.query<{ nip: string }>(
    'SELECT nip FROM sellers WHERE shared_name = $1 ORDER BY nip FOR UPDATE',
    [sharedName],
  );
  return rows.map((row) => row.nip);
}

/** Answers the id of those that were in use, if any. */
async function retire(tx: Tx, owner: CredentialOwner, now: Date): Promise<string | null> {
  const [column, value] = 'nip' in owner ? ['nip', owner.nip] : ['shared_name', owner.sharedName];
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE credentials SET retired_at = $2 WHERE ${column} = $1 AND retired_at IS NULL RETURNING id`,
    [value, now],
  );
  return rows[0]?.id ?? null;
}

async function insertCredential(db: Db, tx: Tx, put: PutCredentials): Promise<string> {
  const { owner, secret, now } = put;
  const id = newId(now, db.randomBytes);
  await tx.query(
    `INSERT INTO credentials (id, nip, shared_name, type, sealed, created_at, ${CERTIFICATE_COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      'nip' in owner ? owner.nip : null,
      'nip' in owner ? null : owner.sharedName,
      secret.type,
      db.vault.seal('credential', id, bytesOf(secret)),
      now,
      ...certificateValues(secret.type === 'certificate' ? secret.facts : null),
    ],
  );
  return id;
}

function curedBy(actor: string): Cured {
  return { causes: HOLDS_CURED_BY_CREDENTIALS, cure: 'credentials', actor };
}

function nipOf(owner: CredentialOwner): { nip?: string } {
  return 'nip' in owner ? { nip: owner.nip } : {};
}
