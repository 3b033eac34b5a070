import type { Day, InvoiceState } from '@wsad/domain';
import type { Db } from '../db.ts';
import { isUuid } from '../ids.ts';
import { CLEARED, LIVE, REFUSED, UNFINISHED } from '../stages.ts';
import { type InvoiceRecord, type InvoiceRow, invoiceRecord, SELECT_INVOICE } from './invoice-columns.ts';
import { newest, nipsAskedFor } from './newest.ts';
import type { VisibleSellers } from './visible.ts';

export interface InvoiceFilter {
  readonly nip?: string | undefined;
  readonly state?: InvoiceState | undefined;
  readonly invoiceNumber?: string | undefined;
  readonly ksefNumber?: string | undefined;
  /** The beginning of the buyer's name, or of its NIP. */
  readonly buyer?: string | undefined;
  /** The first and the last issue day. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly submissionId?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** To be given back for the next page; null on the last. */
  readonly nextCursor: string | null;
}

/** Newest first. A cursor that is none of ours begins at the top. */
export async function invoicesPage(
  db: Db,
  filter: InvoiceFilter,
  sellers: VisibleSellers,
  cursor: string | null,
  limit: number,
): Promise<Page<InvoiceRecord>> {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const nips = nipsAskedFor(sellers, filter.nip);
  const where = conditions(filter, cursor, parameter);
  const ids = newest('invoices', where, nips === null ? null : parameter(nips), limit + 1);
  const { rows } = await db.pool.query<InvoiceRow>(
    `${SELECT_INVOICE} WHERE invoices.id IN (${ids}) ORDER BY invoices.id DESC`,
    values,
  );
  return pageOf(rows.map(invoiceRecord), limit);
}

/** Cuts off the one row more that was asked for to learn whether there is a next page. */
export function pageOf<Item extends { readonly id: string }>(
  rows: readonly Item[],
  limit: number,
): Page<Item> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Only what is asked for is in the statement, so that each filter can have its own index. */
function conditions(
  filter: InvoiceFilter,
  cursor: string | null,
  parameter: (value: unknown) => string,
): string[] {
  const where: string[] = [];
  if (filter.state !== undefined) where.push(stateIs(filter.state, parameter));
  if (filter.ksefNumber !== undefined) where.push(`ksef_number = ${parameter(filter.ksefNumber)}`);
  if (filter.invoiceNumber !== undefined) where.push(numberIs(parameter(filter.invoiceNumber)));
  if (filter.buyer !== undefined) where.push(buyerBegins(filter.buyer, parameter));
  if (filter.from !== undefined) where.push(`issue_date >= ${parameter(filter.from)}::date`);
  if (filter.to !== undefined) where.push(`issue_date <= ${parameter(filter.to)}::date`);
  if (filter.submissionId !== undefined) where.push(broughtBy(filter.submissionId, parameter));
  if (cursor !== null && isUuid(cursor)) where.push(`id < ${parameter(cursor)}`);
  return where;
}

/** Few are under way at a time; of the other states the stage is the same, and has its index. */
function stateIs(state: InvoiceState, parameter: (value: unknown) => string): string {
  const underWay = state === 'accepted' || state === 'sending' || state === 'processing';
  return underWay ? `${UNFINISHED} AND state = ${parameter(state)}` : `stage = ${parameter(state)}`;
}

/** Live and refused invoices have their numbers in an index each. */
function numberIs(parameter: string): string {
  return `((number = ${parameter} AND ${LIVE})
    OR (number = ${parameter} AND ${REFUSED}))`;
}

/** Cleared invoices have their buyers in an index each; those under way and those refused are few enough to be looked through. */
function buyerBegins(buyer: string, parameter: (value: unknown) => string): string {
  const pattern = parameter(`${buyer.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const begins = /^\d+$/.test(buyer)
    ? `buyer_nip LIKE ${pattern}`
    : `${inLowerCase('buyer_name')} LIKE ${inLowerCase(pattern)}`;
  return `((${begins} AND ${CLEARED})
    OR (${begins} AND ${UNFINISHED})
    OR (${begins} AND ${REFUSED}))`;
}

/** As the index has it: lower() knows Polish letters in some locales alone. */
function inLowerCase(text: string): string {
  return `lower(translate(${text}, 'ĄĆĘŁŃÓŚŹŻ', 'ąćęłńóśźż'))`;
}

/** Also what was here already when it came. */
function broughtBy(submissionId: string, parameter: (value: unknown) => string): string {
  if (!isUuid(submissionId)) return 'false';
  return `id IN (SELECT invoice_id FROM submission_invoices WHERE submission_id = ${parameter(submissionId)})`;
}
