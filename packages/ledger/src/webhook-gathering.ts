/** From the outbox into deliveries: what came together goes together, for every webhook that wants it. */
import { deliveryBodies, type WebhookEvent, type WebhookItem } from '@wsad/domain';
import { chunks, type Db, inTransaction, type Tx } from './db.ts';
import { newIds } from './ids.ts';
import { anew } from './kept-plans.ts';
import { type ItemsByEvent, itemsOf, type Told } from './webhook-items.ts';

const ROWS_AT_ONCE = 500;
/** Invoices that are held in memory at once; what one transaction told is never divided. */
const INVOICES_AT_ONCE = 10_000;
const INSERTED_AT_ONCE = 20;

/**
 * Takes what waits in the outbox, the oldest first and some of it at a time, and answers how many entries it took: 0 once
 * there is nothing left. Deliveries and outbox change in one transaction, so that nothing is lost or told twice.
 */
export async function gatherWebhooks(db: Db, now: Date): Promise<number> {
  return await inTransaction(db.pool, async (tx) => {
    const told = await takeTold(tx);
    if (told.length === 0) return 0;
    const wishes = await activeWishes(tx);
    const items: ItemsByEvent = wishes.length === 0 ? new Map() : await itemsOf(tx, told);
    for (const wish of wishes) await insertDeliveries(db, tx, deliveriesFor(wish, items, now), now);
    return told.length;
  });
}

async function takeTold(tx: Tx): Promise<Told[]> {
  const { rows: waiting } = await tx.query<{ id: string; invoices: number }>(
    `SELECT id, cardinality(invoice_ids) AS invoices FROM webhook_outbox ORDER BY id LIMIT ${ROWS_AT_ONCE}
     FOR UPDATE SKIP LOCKED`,
  );
  if (waiting.length === 0) return [];
  const { rows } = await tx.query<Told>(
    anew(`DELETE FROM webhook_outbox WHERE id = ANY ($1::bigint[])
     RETURNING id, event, at, nip, invoice_ids AS "invoiceIds", submission_id AS "submissionId", detail`),
    [atOnce(waiting)],
  );
  return rows.sort((left, right) => Number(left.id) - Number(right.id));
}

function atOnce(waiting: readonly { readonly id: string; readonly invoices: number }[]): string[] {
  let invoices = 0;
  const fitting = waiting.findIndex((row) => {
    invoices += row.invoices;
    return invoices > INVOICES_AT_ONCE;
  });
  return waiting.slice(0, fitting === -1 ? waiting.length : Math.max(1, fitting)).map(({ id }) => id);
}

interface Wish {
  readonly id: string;
  readonly events: readonly WebhookEvent[] | null;
  readonly sellers: readonly string[] | null;
}

async function activeWishes(tx: Tx): Promise<Wish[]> {
  const { rows } = await tx.query<Wish>(
    'SELECT id, events, sellers FROM webhooks WHERE disabled_at IS NULL ORDER BY id FOR SHARE',
  );
  return rows;
}

/** What one webhook wants of it; one after another, since bodies are large. */
function deliveriesFor(wish: Wish, items: ItemsByEvent, now: Date): NewDelivery[] {
  return [...items].flatMap(([event, all]) => {
    const wants = wish.events === null || wish.events.includes(event);
    const bodies = deliveryBodies(event, wants ? ofSellers(all, wish.sellers) : [], now);
    return bodies.map((one) => ({ ...one, webhookId: wish.id, event }));
  });
}

function ofSellers(items: readonly WebhookItem[], sellers: readonly string[] | null): readonly WebhookItem[] {
  if (sellers === null) return items;
  const among = new Set(sellers);
  return items.filter(({ nip }) => among.has(nip));
}

export interface NewDelivery {
  readonly webhookId: string;
  readonly event: string;
  readonly items: number;
  readonly body: string;
}

/** Due at once, in their order; answers their ids. */
export async function insertDeliveries(
  db: Db,
  tx: Tx,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<string[]> {
  const ids = newIds(now, deliveries.length, db.randomBytes);
  const rows = deliveries.map((delivery, index) => ({ ...delivery, id: ids[index] ?? '' }));
  for (const chunk of chunks(rows, INSERTED_AT_ONCE)) {
    await tx.query(
      `INSERT INTO webhook_deliveries (id, webhook_id, event, items, body, created_at, state, tried_since, next_at)
       SELECT id, webhook_id, event, items, body, $1, 'pending', $1, $1
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[]) AS fresh (id, webhook_id, event, items, body)`,
      [
        now,
        chunk.map(({ id }) => id),
        chunk.map(({ webhookId }) => webhookId),
        chunk.map(({ event }) => event),
        chunk.map(({ items }) => items),
        chunk.map(({ body }) => body),
      ],
    );
  }
  return ids;
}
