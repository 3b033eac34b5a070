import {
  type Authentication,
  type HoldCause,
  type Lane,
  type LoginTokens,
  type Permissions,
  sendingForbidden,
} from '@wsad/domain';
import { forgetRefusedConfirmations } from './confirmations.ts';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent, SYSTEM_ACTOR } from './events.ts';
import { kept } from './kept-plans.ts';
import { ranOut } from './leases.ts';
import { releaseHeld } from './release.ts';
import { SELLERS_WITH_LOGIN } from './sellers.ts';
import { askForShutOut } from './shut-out.ts';

/**
 * The login of a seller with the credentials in use, or with those of `credentialId`. Null where it has none. A new
 * credential has no login yet, so replacing credentials starts from `none` by itself. `opening` is a first attempt
 * begun and not ended; whether it still lives, `beginLogin` decides. `active` says nothing of its tokens' age.
 */
export async function authentication(
  db: Db,
  nip: string,
  credentialId: string | null = null,
): Promise<Authentication | null> {
  const { rows } = await db.pool.query<AuthenticationRow>(
    kept(
      credentialId === null
        ? `SELECT credentials.id AS credential_id, ${LOGIN_COLUMNS} ${SELLERS_WITH_LOGIN}
           WHERE sellers.nip = $1 AND credentials.id IS NOT NULL`
        : `SELECT authentications.credential_id, ${LOGIN_COLUMNS} FROM authentications
           WHERE nip = $1 AND credential_id = $2`,
    ),
    credentialId === null ? [nip] : [nip, credentialId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const sealedFor = secretRow(nip, row.credential_id);
  return {
    nip,
    state: row.state,
    credentialId: row.credential_id,
    method: row.method,
    accessToken: openText(db, 'access-token', sealedFor, row.access_sealed),
    accessUntil: row.access_until,
    refreshToken: openText(db, 'refresh-token', sealedFor, row.refresh_sealed),
    refreshUntil: row.refresh_until,
    permissions: row.permissions,
    limitsReadAt: row.limits_read_at,
    lastError: row.last_error,
  };
}

const LOGIN_COLUMNS = `
  (SELECT read_at FROM rate_limits WHERE rate_limits.nip = $1) AS limits_read_at,
  CASE WHEN authentications.login_owner IS NOT NULL AND authentications.state = 'none' THEN 'opening'
       ELSE coalesce(authentications.state, 'none') END AS state,
  method, access_sealed, access_until, refresh_sealed, refresh_until, permissions, last_error`;

interface AuthenticationRow {
  credential_id: string;
  state: Authentication['state'];
  method: string | null;
  access_sealed: Buffer | null;
  access_until: Date | null;
  refresh_sealed: Buffer | null;
  refresh_until: Date | null;
  permissions: string[] | null;
  limits_read_at: Date | null;
  last_error: string | null;
}

/**
 * One login or refresh at a time for a seller's credentials, over all processes: true for the one who may. False also
 * where there are no credentials, or KSeF has refused them: only new ones, or a person's retry, open that door again.
 */
export async function beginLogin(
  db: Db,
  nip: string,
  owner: string,
  now: Date,
  leaseMs: number,
  credentialId: string | null = null,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    kept(`INSERT INTO authentications (nip, credential_id, login_owner, login_until, updated_at)
      SELECT sellers.nip, coalesce($5::uuid, credentials.id), $2, $4, $3 ${SELLERS_WITH_LOGIN}
      WHERE sellers.nip = $1 AND coalesce($5::uuid, credentials.id) IS NOT NULL
      ON CONFLICT (nip, credential_id) DO UPDATE
        SET login_owner = excluded.login_owner, login_until = excluded.login_until, updated_at = excluded.updated_at
        WHERE authentications.state NOT IN ('refused', 'blocked')
          AND ${ranOut('authentications.login_until', '$3')}`),
    [nip, owner, now, new Date(now.getTime() + leaseMs), credentialId],
  );
  return rowCount === 1;
}

/** Lets go of a turn that was not used; what is known of the login stays as it is. */
export async function releaseLogin(db: Db, nip: string, owner: string, credentialId: string): Promise<void> {
  await db.pool.query(
    `UPDATE authentications SET login_owner = NULL, login_until = NULL
     WHERE nip = $1 AND login_owner = $2 AND credential_id = $3`,
    [nip, owner, credentialId],
  );
}

/** A login under way shows that it lives; one whose lease was taken over by another owner changes nothing. */
export async function renewLogin(
  db: Db,
  nip: string,
  owner: string,
  now: Date,
  leaseMs: number,
): Promise<void> {
  await db.pool.query('UPDATE authentications SET login_until = $3 WHERE nip = $1 AND login_owner = $2', [
    nip,
    owner,
    new Date(now.getTime() + leaseMs),
  ]);
}

/**
 * Ends an attempt well. Tokens of one that lost its lease are good all the same and are kept. The first login that shows
 * the permission to send puts what was held for want of it back in line; answers whose bells to ring. What KSeF refused
 * to tell the logins before is asked of one that begins anew.
 */
export async function finishLogin(
  db: Db,
  nip: string,
  owner: string,
  credentialId: string,
  method: string,
  tokens: LoginTokens,
  now: Date,
): Promise<readonly Lane[]> {
  const sealedFor = secretRow(nip, credentialId);
  return inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ state: string; permissions: string[] | null }>(
      'SELECT state, permissions FROM authentications WHERE nip = $1 AND credential_id = $2 FOR UPDATE',
      [nip, credentialId],
    );
    await tx.query(
      `INSERT INTO authentications AS kept (nip, credential_id, state, method, access_sealed, access_until,
         refresh_sealed, refresh_until, permissions, updated_at)
       VALUES ($1, $2, 'active', $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (nip, credential_id) DO UPDATE SET
         state = 'active', method = $4, access_sealed = $5, access_until = $6, refresh_sealed = $7, refresh_until = $8,
         permissions = $9, updated_at = $10, last_error = NULL,
         login_until = CASE WHEN kept.login_owner = $3 THEN NULL ELSE kept.login_until END,
         login_owner = CASE WHEN kept.login_owner = $3 THEN NULL ELSE kept.login_owner END`,
      [
        nip,
        credentialId,
        owner,
        method,
        db.vault.seal('access-token', sealedFor, Buffer.from(tokens.accessToken)),
        tokens.accessUntil,
        db.vault.seal('refresh-token', sealedFor, Buffer.from(tokens.refreshToken)),
        tokens.refreshUntil,
        tokens.permissions,
        now,
      ],
    );
    const [before] = rows;
    if (before?.state !== 'active') {
      await recordEvent(tx, { at: now, type: 'login.opened', nip, detail: { method, credentialId } });
      await askForShutOut(tx, nip, now);
      await forgetRefusedConfirmations(tx, nip);
      await forgetAuthSessions(tx, nip);
    }
    const cured = curedBy(before, tokens.permissions);
    return cured.length === 0 ? [] : await releaseCured(tx, nip, cured, now);
  });
}

/** Sessions that KSeF named, or would not name, before this login. Those that somebody waits for are fetched after it. */
async function forgetAuthSessions(tx: Tx, nip: string): Promise<void> {
  await tx.query('DELETE FROM auth_session_lists WHERE nip = $1 AND fetched_at >= asked_at', [nip]);
}

/**
 * What a login that succeeded has cured. One that begins anew (credentials were put, or a person asked for it) is asked
 * whether KSeF allows now what it refused; a refresh of the same login is not, else a refusal would go round for ever.
 */
function curedBy(
  before: { readonly state: string; readonly permissions: Permissions } | undefined,
  permissions: Permissions,
): HoldCause[] {
  const anew = before?.state !== 'active';
  const granted = anew || sendingForbidden(before?.permissions ?? null) !== null;
  return [
    ...(anew ? (['login_refused', 'login_blocked'] as const) : []),
    ...(granted && sendingForbidden(permissions) === null ? (['permission_missing'] as const) : []),
  ];
}

/** Under the seller's lock, so that nobody holds more by what the login showed before. */
async function releaseCured(
  tx: Tx,
  nip: string,
  causes: readonly HoldCause[],
  now: Date,
): Promise<readonly Lane[]> {
  await tx.query('SELECT FROM sellers WHERE nip = $1 FOR UPDATE', [nip]);
  const { lanes } = await releaseHeld(tx, [nip], { causes, cure: 'login', actor: SYSTEM_ACTOR }, now);
  return lanes;
}

/**
 * The seller's tokens (or those of one of its credentials) are not used again: the next who needs some logs in from the
 * start, so permissions are read anew.
 */
export async function forgetTokens(tx: Tx, nip: string, credentialId: string | null = null): Promise<void> {
  await tx.query(
    `UPDATE authentications SET access_sealed = NULL, access_until = NULL, refresh_sealed = NULL, refresh_until = NULL
     WHERE nip = $1 AND ($2::uuid IS NULL OR credential_id = $2)`,
    [nip, credentialId],
  );
}

/**
 * Ends an attempt badly. `refused` and `blocked` forget the tokens and keep everybody from trying again; null leaves
 * the state as it was with the error noted. Name the credentials that were tried: others may be in use by now.
 */
export async function failLogin(
  db: Db,
  nip: string,
  owner: string,
  state: 'refused' | 'blocked' | null,
  error: string,
  now: Date,
  credentialId: string | null = null,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE authentications SET last_error = $3, updated_at = $4, login_owner = NULL, login_until = NULL,
         state = coalesce($5, state),
         access_sealed = CASE WHEN $5::text IS NULL THEN access_sealed END,
         access_until = CASE WHEN $5::text IS NULL THEN access_until END,
         refresh_sealed = CASE WHEN $5::text IS NULL THEN refresh_sealed END,
         refresh_until = CASE WHEN $5::text IS NULL THEN refresh_until END
       WHERE nip = $1 AND login_owner = $2 AND ($6::uuid IS NULL OR credential_id = $6)`,
      [nip, owner, storable(error), now, state, credentialId],
    );
    if (rowCount === 0 || state === null) return;
    await recordEvent(tx, { at: now, type: `login.${state}`, nip, detail: { error } });
  });
}

/** The access token was refused with 401: it is forgotten, unless a newer one is here already. */
export async function dropAccessToken(db: Db, nip: string, accessToken: string): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ credential_id: string; access_sealed: Buffer }>(
      `SELECT credential_id, access_sealed FROM authentications
       WHERE nip = $1 AND access_sealed IS NOT NULL FOR UPDATE`,
      [nip],
    );
    for (const row of rows) {
      const kept = openText(db, 'access-token', secretRow(nip, row.credential_id), row.access_sealed);
      if (kept !== accessToken) continue;
      await tx.query(
        `UPDATE authentications SET access_sealed = NULL, access_until = NULL
         WHERE nip = $1 AND credential_id = $2`,
        [nip, row.credential_id],
      );
    }
  });
}

function secretRow(nip: string, credentialId: string): string {
  return `${nip}/${credentialId}`;
}

function openText(
  db: Db,
  purpose: 'access-token' | 'refresh-token',
  row: string,
  sealed: Buffer | null,
): string | null {
  return sealed === null ? null : db.vault.open(purpose, row, sealed).toString('utf8');
}
