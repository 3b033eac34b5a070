/** Deliveries as people see them: the history, sending again, trying out; and how long all that is kept. */
import { type DeliveryEvent, TEST_EVENT, testDelivery } from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
import { isUuid } from './ids.ts';
import { type Page, pageOf } from './queries/invoices-page.ts';
import type { VisibleSellers } from './queries/visible.ts';
import { insertDeliveries } from './webhook-gathering.ts';
import { lockWebhook, type WebhookAction, webhook } from './webhooks.ts';

/** As a delivery is shown. */
export interface DeliverySummary {
  readonly id: string;
  readonly event: DeliveryEvent;
  readonly items: number;
  readonly createdAt: Date;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly tries: number;
  /** When it is tried next; null at its end. */
  readonly nextAt: Date | null;
  readonly lastTriedAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

/** Newest first; null where there is no such webhook. */
export async function deliveriesPage(
  db: Db,
  webhookId: string,
  sellers: VisibleSellers,
  filter: { readonly state?: DeliverySummary['state'] | undefined },
  cursor: string | null,
  limit: number,
): Promise<Page<DeliverySummary> | null> {
  if ((await webhook(db, webhookId, sellers)) === null) return null;
  const { rows } = await db.pool.query<DeliverySummary>(
    `SELECT id, event, items, created_at AS "createdAt", state, tries, next_at AS "nextAt",
       last_tried_at AS "lastTriedAt", last_status AS "lastStatus", last_error AS "lastError"
     FROM webhook_deliveries
     WHERE webhook_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [webhookId, filter.state ?? null, cursor !== null && isUuid(cursor) ? cursor : null, limit + 1],
  );
  return pageOf(rows, limit);
}

export type DeliveryAsked =
  | { readonly kind: 'done'; readonly deliveryId: string }
  | { readonly kind: 'notFound' | 'disabled' };

/** Due at once and as if it had never been tried: the same bytes under the same id. */
export async function redeliver(db: Db, action: WebhookAction, deliveryId: string): Promise<DeliveryAsked> {
  return await askDelivery(db, action, async (tx) => {
    if (!isUuid(deliveryId)) return null;
    const { rowCount } = await tx.query(
      `UPDATE webhook_deliveries SET state = 'pending', tries = 0, tried_since = $3, next_at = $3, ended_at = NULL
       WHERE id = $1 AND webhook_id = $2`,
      [deliveryId, action.id, action.now],
    );
    return rowCount === 1 ? deliveryId : null;
  });
}

/** A delivery without items, for a person who tries the webhook out. */
export async function sendTestDelivery(db: Db, action: WebhookAction): Promise<DeliveryAsked> {
  return await askDelivery(db, action, async (tx) => {
    const delivery = { webhookId: action.id, event: TEST_EVENT, items: 0, body: testDelivery(action.now) };
    const [id = null] = await insertDeliveries(db, tx, [delivery], action.now);
    return id;
  });
}

/** Whoever asks does not wait until a webhook that failed has rested. */
async function askDelivery(
  db: Db,
  { id, sellers }: WebhookAction,
  add: (tx: Tx) => Promise<string | null>,
): Promise<DeliveryAsked> {
  return await inTransaction(db.pool, async (tx): Promise<DeliveryAsked> => {
    const hook = await lockWebhook(tx, id, sellers);
    if (hook === null) return { kind: 'notFound' };
    if (hook.disabledAt !== null) return { kind: 'disabled' };
    const deliveryId = await add(tx);
    if (deliveryId === null) return { kind: 'notFound' };
    await tx.query('UPDATE webhooks SET rests_until = NULL WHERE id = $1', [id]);
    return { kind: 'done', deliveryId };
  });
}

const DAY_MS = 86_400_000;
const DELIVERED_KEPT_MS = 7 * DAY_MS;
const FAILED_KEPT_MS = 30 * DAY_MS;
const ENDED_KEPT_MAX = 2_000;
const TIDY_ROWS_MAX = 1_000;

/** Of each webhook the newest that have ended are kept, for a week, or for thirty days where they failed. */
export async function tidyDeliveries(db: Db['pool'], now: Date): Promise<void> {
  const before = (keptMs: number) => new Date(now.getTime() - keptMs);
  await db.query(
    `DELETE FROM webhook_deliveries WHERE id IN (
       SELECT id FROM webhook_deliveries
       WHERE state <> 'pending' AND ended_at < $1 AND (state = 'delivered' OR ended_at < $2) LIMIT ${TIDY_ROWS_MAX}
     )`,
    [before(DELIVERED_KEPT_MS), before(FAILED_KEPT_MS)],
  );
  await db.query(
    `DELETE FROM webhook_deliveries WHERE id IN (
       SELECT older.id FROM webhooks CROSS JOIN LATERAL (
         SELECT id FROM webhook_deliveries WHERE webhook_id = webhooks.id AND state <> 'pending'
         ORDER BY id DESC OFFSET ${ENDED_KEPT_MAX} LIMIT ${TIDY_ROWS_MAX}
       ) AS older
     )`,
  );
}
