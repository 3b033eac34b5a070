/** Deliveries on their way: which is due, and what became of a try. */
import {
  backoffMs,
  type DeliveryOutcome,
  type DeliveryRecord,
  type DueDelivery,
  FAILURES_OF_AN_OUTAGE,
  nextTry,
  saysGone,
  WEBHOOK_FAILING_MS_MAX,
  WEBHOOK_REST_MS_MAX,
  type WebhookStop,
} from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { ranOut } from './leases.ts';
import { disableWebhook } from './webhooks.ts';

/** $2 is now: it serves, does not rest, and something is due for it. */
const SERVED = 'webhooks.disabled_at IS NULL AND (rests_until IS NULL OR rests_until <= $2)';
const DUE = `state = 'pending' AND next_at <= $2 AND ${ranOut('lease_until', '$2')}`;

/** Webhooks for which something is due that nobody is at, those that began first. */
export async function webhooksDue(db: Db, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM webhooks
     WHERE ${SERVED} AND EXISTS (SELECT FROM webhook_deliveries WHERE webhook_id = webhooks.id AND ${DUE})
     ORDER BY id LIMIT $1`,
    [limit, now],
  );
  return rows.map(({ id }) => id);
}

interface DueRow extends Omit<DueDelivery, 'secrets'> {
  readonly present: Buffer;
  readonly earlier: Buffer | null;
}

/** The one that is due for the longest, for nobody else until `leaseMs` have passed; null where none is. */
export async function claimDelivery(
  db: Db,
  webhookId: string,
  now: Date,
  leaseMs: number,
): Promise<DueDelivery | null> {
  const { rows } = await db.pool.query<DueRow>(
    `UPDATE webhook_deliveries AS claimed SET lease_until = $3 FROM webhooks
     WHERE webhooks.id = webhook_id AND ${SERVED} AND claimed.id = (
       SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND ${DUE}
       ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
     )
     RETURNING claimed.id, webhook_id AS "webhookId", url, event, body, items, secret_sealed AS present,
       CASE WHEN earlier_until > $2 THEN earlier_secret_sealed END AS earlier`,
    [webhookId, now, new Date(now.getTime() + leaseMs)],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { present, earlier, ...delivery } = row;
  const secrets = [present, ...(earlier === null ? [] : [earlier])];
  return {
    ...delivery,
    secrets: secrets.map((sealed) => db.vault.open('webhook-secret', webhookId, sealed).toString('utf8')),
  };
}

/**
 * Writes down how a try went: done, tried again later, or failed for good. A webhook that answers 410, or that has taken
 * nothing for days, is disabled. Null where somebody else has ended the delivery meanwhile. `random` is [0, 1).
 */
export async function recordDelivery(
  db: Db,
  { id, webhookId }: Pick<DueDelivery, 'id' | 'webhookId'>,
  outcome: DeliveryOutcome,
  now: Date,
  random: number,
): Promise<DeliveryRecord | null> {
  return await inTransaction(db.pool, async (tx) => {
    const hook = await lockServed(tx, webhookId);
    const delivery = await lockPending(tx, id);
    if (hook === null || delivery === null) return null;
    const tries = delivery.tries + 1;
    if (outcome.kind === 'delivered') {
      await endDelivery(tx, id, 'delivered', tries, outcome, now);
      await noteSuccess(tx, webhookId, hook.failures, now);
      return { state: 'delivered', tries, stopped: null };
    }
    const next = nextTry(tries, delivery.triedSince, now, random);
    if (next === null) await endDelivery(tx, id, 'failed', tries, outcome, now);
    else await putOff(tx, id, tries, outcome, now, next);
    const stopped = stopOf(hook, outcome, now);
    if (stopped === null) await noteFailure(tx, webhookId, hook.failures + 1, now);
    else await disableWebhook(tx, webhookId, stopped, now);
    return { state: next === null || stopped !== null ? 'failed' : 'pending', tries, stopped };
  });
}

interface ServedRow {
  readonly failures: number;
  readonly failingSince: Date | null;
}

async function lockServed(tx: Tx, webhookId: string): Promise<ServedRow | null> {
  const { rows } = await tx.query<ServedRow>(
    'SELECT failures, failing_since AS "failingSince" FROM webhooks WHERE id = $1 FOR UPDATE',
    [webhookId],
  );
  return rows[0] ?? null;
}

async function lockPending(tx: Tx, id: string): Promise<{ tries: number; triedSince: Date } | null> {
  const { rows } = await tx.query<{ tries: number; triedSince: Date }>(
    `SELECT tries, tried_since AS "triedSince" FROM webhook_deliveries WHERE id = $1 AND state = 'pending' FOR UPDATE`,
    [id],
  );
  return rows[0] ?? null;
}

function stopOf({ failingSince }: ServedRow, outcome: DeliveryOutcome, now: Date): WebhookStop | null {
  if (saysGone(outcome)) return 'gone';
  const failingMs = failingSince === null ? 0 : now.getTime() - failingSince.getTime();
  return failingMs >= WEBHOOK_FAILING_MS_MAX ? 'failing' : null;
}

function wordsOf(outcome: DeliveryOutcome): [number | null, string | null] {
  return [outcome.status, outcome.kind === 'failed' ? storable(outcome.why) : null];
}

async function endDelivery(
  tx: Tx,
  id: string,
  state: 'delivered' | 'failed',
  tries: number,
  outcome: DeliveryOutcome,
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE webhook_deliveries SET state = $2, tries = $3, last_status = $4, last_error = $5, last_tried_at = $6,
       ended_at = $6, next_at = NULL, lease_until = NULL
     WHERE id = $1`,
    [id, state, tries, ...wordsOf(outcome), now],
  );
}

async function putOff(
  tx: Tx,
  id: string,
  tries: number,
  outcome: DeliveryOutcome,
  now: Date,
  next: Date,
): Promise<void> {
  await tx.query(
    `UPDATE webhook_deliveries SET tries = $2, last_status = $3, last_error = $4, last_tried_at = $5, next_at = $6,
       lease_until = NULL
     WHERE id = $1`,
    [id, tries, ...wordsOf(outcome), now, next],
  );
}

/** After an outage, whatever waits for its next try need not wait any longer. */
async function noteSuccess(tx: Tx, webhookId: string, failures: number, now: Date): Promise<void> {
  await tx.query(
    'UPDATE webhooks SET failures = 0, failing_since = NULL, rests_until = NULL, last_success_at = $2 WHERE id = $1',
    [webhookId, now],
  );
  if (failures < FAILURES_OF_AN_OUTAGE) return;
  await tx.query(
    `UPDATE webhook_deliveries SET next_at = $2 WHERE webhook_id = $1 AND state = 'pending' AND next_at > $2`,
    [webhookId, now],
  );
}

async function noteFailure(tx: Tx, webhookId: string, failures: number, now: Date): Promise<void> {
  const restsUntil = new Date(now.getTime() + backoffMs(failures, WEBHOOK_REST_MS_MAX));
  await tx.query(
    `UPDATE webhooks SET failures = $2, failing_since = coalesce(failing_since, $3), rests_until = $4 WHERE id = $1`,
    [webhookId, failures, now, restsUntil],
  );
}
