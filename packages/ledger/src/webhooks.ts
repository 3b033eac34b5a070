/** Webhooks themselves: who is to be told of what, and the secrets that sign it. */
import { isDeepStrictEqual } from 'node:util';
import { SECRET_OVERLAP_MS, type WebhookEvent, type WebhookStop } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { isUuid, newId } from './ids.ts';
import { type VisibleSellers, visibleNips } from './queries/visible.ts';

export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly WebhookEvent[] | 'all';
  readonly sellers: readonly string[] | 'all';
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly disabledWhy: WebhookStop | null;
  /** In a row, since its last success. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly lastSuccessAt: Date | null;
  /** Until then the secret before the last rotation signs as well; null where there is none. */
  readonly earlierSecretUntil: Date | null;
}

export type NewWebhook = Pick<WebhookRecord, 'url' | 'description' | 'events' | 'sellers'>;

export interface WebhookAction {
  readonly id: string;
  readonly actor: string;
  readonly sellers: VisibleSellers;
  readonly now: Date;
}

const SECRET_BYTES = 32;

/** Its secret is told this once, and by a rotation. */
export async function createWebhook(
  db: Db,
  wanted: NewWebhook,
  actor: string,
  now: Date,
): Promise<{ id: string; secret: string }> {
  const id = newId(now, db.randomBytes);
  const secret = newSecret(db);
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO webhooks (id, url, description, events, sellers, secret_sealed, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, ...columnsOf(wanted), seal(db, id, secret), storable(actor), now],
    );
    const { events, sellers } = wanted;
    await recordEvent(tx, { at: now, type: 'webhook.created', actor, detail: { id, events, sellers } });
  });
  return { id, secret };
}

/** Those whose sellers the caller may see, all of them. */
export async function listWebhooks(db: Db, sellers: VisibleSellers): Promise<WebhookRecord[]> {
  const { rows } = await db.pool.query<WebhookRow>(
    `${SELECT_WEBHOOKS} WHERE ${WEBHOOK_VISIBLE} ORDER BY id`,
    [visibleNips(sellers)],
  );
  return rows.map(webhookRecord);
}

export async function webhook(db: Db, id: string, sellers: VisibleSellers): Promise<WebhookRecord | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<WebhookRow>(
    `${SELECT_WEBHOOKS} WHERE ${WEBHOOK_VISIBLE} AND id = $2`,
    [visibleNips(sellers), id],
  );
  const [row] = rows;
  return row === undefined ? null : webhookRecord(row);
}

export type WebhookChange = Partial<NewWebhook> & { readonly active?: boolean };

/**
 * Null where there is none. `active: true` begins anew; it is refused (`noSecret`) where its secret was lost. What is asked
 * for and is so already is no change, and nothing is written of it.
 */
export async function changeWebhook(
  db: Db,
  { id, actor, sellers, now }: WebhookAction,
  change: WebhookChange,
): Promise<WebhookRecord | 'noSecret' | null> {
  return await inTransaction(db.pool, async (tx) => {
    const before = await lockWebhook(tx, id, sellers);
    if (before === null) return null;
    if (change.active === true && !before.hasSecret) return 'noSecret';
    const changed = changesIn(before, change);
    if (changed.length === 0) return before;
    const after = { ...before, ...change };
    await tx.query(
      'UPDATE webhooks SET url = $2, description = $3, events = $4, sellers = $5 WHERE id = $1',
      [id, ...columnsOf(after)],
    );
    if (change.active === true) await enable(tx, id);
    if (change.active === false && before.disabledAt === null) await stop(tx, id, 'person', now);
    const detail = { id, changed };
    await recordEvent(tx, { at: now, type: 'webhook.changed', actor, detail });
    return await lockWebhook(tx, id, 'all');
  });
}

const WISHES = ['url', 'description', 'events', 'sellers'] as const;

/** What would be other than it is, by name. */
function changesIn(before: WebhookRecord, { active, ...wishes }: WebhookChange): string[] {
  const after = { ...before, ...wishes };
  const changed = WISHES.filter((name) => !isDeepStrictEqual(asSet(after[name]), asSet(before[name])));
  return beginsOrEnds(before, active) ? [...changed, 'active'] : changed;
}

/** In which order events and sellers are named says nothing. */
function asSet(value: NewWebhook[keyof NewWebhook]): unknown {
  return Array.isArray(value) ? new Set(value) : value;
}

/** One that is active and fails begins anew too. */
function beginsOrEnds({ disabledAt, failures }: WebhookRecord, active: boolean | undefined): boolean {
  if (active === undefined) return false;
  return active ? disabledAt !== null || failures > 0 : disabledAt === null;
}

/** With everything that was still to be delivered. False where there is none. */
export async function deleteWebhook(db: Db, { id, actor, sellers, now }: WebhookAction): Promise<boolean> {
  return await inTransaction(db.pool, async (tx) => {
    if ((await lockWebhook(tx, id, sellers)) === null) return false;
    await tx.query('DELETE FROM webhooks WHERE id = $1', [id]);
    await recordEvent(tx, { at: now, type: 'webhook.deleted', actor, detail: { id } });
    return true;
  });
}

/** A new secret, told this once; the one before signs beside it for a day. Null where there is no such webhook. */
export async function rotateWebhookSecret(
  db: Db,
  { id, actor, sellers, now }: WebhookAction,
): Promise<{ secret: string; earlierUntil: Date } | null> {
  const secret = newSecret(db);
  const earlierUntil = new Date(now.getTime() + SECRET_OVERLAP_MS);
  return await inTransaction(db.pool, async (tx) => {
    if ((await lockWebhook(tx, id, sellers)) === null) return null;
    await tx.query(
      `UPDATE webhooks SET earlier_secret_sealed = secret_sealed, earlier_until = $3, secret_sealed = $2 WHERE id = $1`,
      [id, seal(db, id, secret), earlierUntil],
    );
    await recordEvent(tx, { at: now, type: 'webhook.rotated', actor, detail: { id } });
    return { secret, earlierUntil };
  });
}

/** wsad itself stops serving it. */
export async function disableWebhook(tx: Tx, id: string, why: WebhookStop, now: Date): Promise<void> {
  await stop(tx, id, why, now);
  await recordEvent(tx, { at: now, type: 'webhook.disabled', detail: { id, why } });
}

/** Nothing more goes to it, and what was to be delivered has failed. */
async function stop(tx: Tx, id: string, why: WebhookStop, now: Date): Promise<void> {
  await tx.query('UPDATE webhooks SET disabled_at = $2, disabled_why = $3 WHERE id = $1', [id, now, why]);
  await tx.query(
    `UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, lease_until = NULL, ended_at = $2
     WHERE webhook_id = $1 AND state = 'pending'`,
    [id, now],
  );
}

async function enable(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET disabled_at = NULL, disabled_why = NULL, failures = 0, failing_since = NULL, rests_until = NULL
     WHERE id = $1`,
    [id],
  );
}

function newSecret({ randomBytes }: Db): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function seal({ vault }: Db, id: string, secret: string): Buffer {
  return vault.seal('webhook-secret', id, Buffer.from(secret));
}

function columnsOf({ url, description, events, sellers }: NewWebhook): unknown[] {
  return [
    storable(url),
    storable(description),
    events === 'all' ? null : events,
    sellers === 'all' ? null : sellers,
  ];
}

interface WebhookRow extends Omit<WebhookRecord, 'events' | 'sellers'> {
  readonly events: WebhookEvent[] | null;
  readonly sellers: string[] | null;
  readonly hasSecret: boolean;
}

/** $1 are the NIPs that the caller may see, null for all: a webhook for all sellers is for those who see all. */
export const WEBHOOK_VISIBLE = '($1::text[] IS NULL OR (sellers IS NOT NULL AND sellers <@ $1))';

const SELECT_WEBHOOKS = `
  SELECT id, url, description, events, sellers, created_at AS "createdAt", disabled_at AS "disabledAt",
    disabled_why AS "disabledWhy", failures, failing_since AS "failingSince", last_success_at AS "lastSuccessAt",
    earlier_until AS "earlierSecretUntil", secret_sealed IS NOT NULL AS "hasSecret"
  FROM webhooks`;

function webhookRecord({ hasSecret: _, events, sellers, ...row }: WebhookRow): WebhookRecord {
  return { ...row, events: events ?? 'all', sellers: sellers ?? 'all' };
}

/** The row under lock; null where there is none that the caller may see. */
export async function lockWebhook(
  tx: Tx,
  id: string,
  sellers: VisibleSellers,
): Promise<(WebhookRecord & { readonly hasSecret: boolean }) | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.query<WebhookRow>(
    `${SELECT_WEBHOOKS} WHERE ${WEBHOOK_VISIBLE} AND id = $2 FOR UPDATE`,
    [visibleNips(sellers), id],
  );
  const [row] = rows;
  return row === undefined ? null : { ...webhookRecord(row), hasSecret: row.hasSecret };
}
