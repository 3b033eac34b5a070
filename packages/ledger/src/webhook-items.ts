/** What webhooks tell of each invoice, submission, seller and deadline: read when it is put into deliveries. */
import { RESTING_INVOICE_STATES, WEBHOOK_EVENTS, type WebhookEvent, type WebhookItem } from '@wsad/domain';
import type { Tx } from './db.ts';

/** A row of the outbox. */
export interface Told {
  readonly id: string;
  readonly event: string;
  readonly at: Date;
  readonly nip: string | null;
  readonly invoiceIds: readonly string[];
  readonly submissionId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type ItemsByEvent = ReadonlyMap<WebhookEvent, readonly WebhookItem[]>;

/** Each state change once, in the order in which they were told. */
export async function itemsOf(tx: Tx, told: readonly Told[]): Promise<ItemsByEvent> {
  const invoices = await readInvoices(tx, told);
  const items = new Map<WebhookEvent, WebhookItem[]>();
  const add = (event: string, more: readonly WebhookItem[]): void => {
    if (isWebhookEvent(event) && more.length > 0) items.set(event, [...(items.get(event) ?? []), ...more]);
  };
  for (const row of told) add(row.event, ownItems(row, invoices));
  add('submission.done', await submissionsDone(tx, told));
  return items;
}

function isWebhookEvent(event: string): event is WebhookEvent {
  return event in WEBHOOK_EVENTS;
}

function ownItems(row: Told, invoices: ReadonlyMap<string, InvoiceRow>): WebhookItem[] {
  const { event, at, nip, detail } = row;
  if (row.invoiceIds.length > 0)
    return row.invoiceIds.flatMap((id) => {
      const invoice = invoices.get(id);
      return invoice === undefined ? [] : [invoiceItem(event, invoice, at, detail)];
    });
  if (nip === null) return [];
  if (event === 'deadline.near') return [deadlineItem(nip, at, detail)];
  return event === 'seller.authentication.changed' ? [authenticationItem(nip, at, detail)] : [];
}

interface InvoiceRow {
  readonly id: string;
  readonly nip: string;
  readonly number: string;
  readonly externalId: string | null;
  readonly submissionId: string;
  readonly ksefNumber: string | null;
  readonly acquiredAt: Date | null;
  readonly code: number | null;
  readonly description: string | null;
}

async function readInvoices(tx: Tx, told: readonly Told[]): Promise<Map<string, InvoiceRow>> {
  const ids = told.flatMap((row) => (isWebhookEvent(row.event) ? row.invoiceIds : []));
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<InvoiceRow>(
    `SELECT id, nip, number, external_id AS "externalId", submission_id AS "submissionId", ksef_number AS "ksefNumber",
       acquired_at AS "acquiredAt", verdict_code AS code, verdict_description AS description
     FROM invoices WHERE id = ANY ($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function invoiceItem(event: string, invoice: InvoiceRow, at: Date, { cause }: Told['detail']): WebhookItem {
  const { id, nip, number, externalId, submissionId, code, description } = invoice;
  const common = { nip, id, invoiceNumber: number, externalId, submissionId, at };
  if (event === 'invoice.cleared')
    return { ...common, ksefNumber: invoice.ksefNumber, acquiredAt: invoice.acquiredAt };
  const error = code === null ? null : { code, description };
  return event === 'invoice.held' ? { ...common, holdCause: cause ?? null, error } : { ...common, error };
}

function deadlineItem(
  nip: string,
  at: Date,
  { threshold, deadlineAt, invoices }: Told['detail'],
): WebhookItem {
  return { nip, threshold, deadlineAt, invoices, at };
}

const AUTHENTICATION_STATES: Readonly<Record<string, string>> = {
  'login.opened': 'active',
  'login.refused': 'refused',
  'login.blocked': 'blocked',
};

function authenticationItem(nip: string, at: Date, { type, method, error }: Told['detail']): WebhookItem {
  return {
    nip,
    state: AUTHENTICATION_STATES[String(type)] ?? null,
    method: method ?? null,
    error: error ?? null,
    at,
  };
}

/** Submissions of which nothing is under way any more and that have come to something else than was told before. */
async function submissionsDone(tx: Tx, told: readonly Told[]): Promise<WebhookItem[]> {
  const candidates = await touchedSubmissions(tx, told);
  if (candidates.length === 0) return [];
  const { rows } = await tx.query<WebhookItem & { id: string }>(
    `WITH counted AS (
       SELECT submission_id, jsonb_object_agg(state, invoices) AS by_state, bool_and(state = ANY ($2)) AS rests
       FROM (
         SELECT taken.submission_id, state, count(*)::int AS invoices
         FROM submission_invoices AS taken JOIN invoices ON invoices.id = invoice_id
         WHERE taken.submission_id = ANY ($1::uuid[]) GROUP BY taken.submission_id, state
       ) AS states
       GROUP BY submission_id
     )
     UPDATE submissions SET told_by_state = by_state FROM counted
     WHERE id = submission_id AND rests AND told_by_state IS DISTINCT FROM by_state
     RETURNING nip, id, created_at AS "createdAt", total, refused, by_state AS "byState"`,
    [candidates, RESTING_INVOICE_STATES],
  );
  return rows.sort((left, right) => left.id.localeCompare(right.id));
}

async function touchedSubmissions(tx: Tx, told: readonly Told[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT submission_id AS id FROM invoices WHERE id = ANY ($1::uuid[])
     UNION SELECT submission_id FROM submission_invoices WHERE invoice_id = ANY ($1::uuid[]) AND repeated`,
    [told.flatMap((row) => row.invoiceIds)],
  );
  return [...rows.map(({ id }) => id), ...told.flatMap(({ submissionId }) => submissionId ?? [])];
}
