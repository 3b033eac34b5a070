/** Which invoices a question is about: the filters of the API, and what each looks at. */
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import { contextNip } from '../auth/caller.ts';
import { nipSchema } from '../auth/context-schema.ts';
import { breathe } from '../background.ts';
import { badRequest } from '../http/errors.ts';
import type { RegisteredInvoice } from '../processing/registry.ts';
import { momentOf, warsawDay } from '../warsaw.ts';
import type { World } from '../world.ts';
import { type InvoiceMetadata, invoiceTypeOf, invoiceTypes, metadataOf, storedAt } from './metadata.ts';

const RANGE_MONTHS = 3;
/** Three months may be counted in UTC or in Warsaw, which can be an hour apart from one end to the other. */
const ZONE_SLACK_MS = 3_600_000;

const moment = z.iso.datetime({ offset: true, local: true }).transform(momentOf);

export const filtersSchema = z.object({
  subjectType: z.enum(['Subject1', 'Subject2', 'Subject3', 'SubjectAuthorized']),
  dateRange: z
    .object({
      dateType: z.enum(['Issue', 'Invoicing', 'PermanentStorage']),
      from: moment,
      to: moment.nullish(),
      restrictToPermanentStorageHwmDate: z.boolean().nullish(),
    })
    .refine(({ from, to }) => to === undefined || to === null || from <= to, 'from is later than to'),
  ksefNumber: z.string().min(35).max(36).nullish(),
  invoiceNumber: z.string().max(256).nullish(),
  amount: z
    .object({
      type: z.enum(['Brutto', 'Netto', 'Vat']),
      from: z.number().nullish(),
      to: z.number().nullish(),
    })
    .nullish(),
  sellerNip: nipSchema.nullish(),
  buyerIdentifier: z
    .object({ type: z.enum(['Nip', 'VatUe', 'Other', 'None']), value: z.string().max(50).nullish() })
    .nullish(),
  currencyCodes: z.array(z.string().length(3)).nullish(),
  invoicingMode: z.enum(['Online', 'Offline']).nullish(),
  isSelfInvoicing: z.boolean().nullish(),
  formType: z.enum(['FA', 'PEF', 'FA_RR']).nullish(),
  invoiceTypes: z.array(z.enum(invoiceTypes)).nullish(),
  hasAttachment: z.boolean().nullish(),
});

export type Filters = z.output<typeof filtersSchema>;

/** The invoices that pass every filter and that the caller is a party to, by the date filtered by. */
export async function chosenInvoices(
  world: World,
  caller: Caller,
  filters: Filters,
): Promise<RegisteredInvoice[]> {
  refuseRange(world, filters);
  const nip = contextNip(caller.context);
  const candidates = world.registry
    .all()
    .filter((invoice) => isParty(invoice, nip, filters.subjectType) && passes(world, invoice, filters))
    .sort((a, b) => dateOf(a, filters).localeCompare(dateOf(b, filters)));
  return looksInside(filters) ? filterInside(world, candidates, filters) : candidates;
}

function refuseRange(world: World, { dateRange }: Filters): void {
  const { from, to, dateType, restrictToPermanentStorageHwmDate } = dateRange;
  const latest = new Date(from);
  latest.setUTCMonth(latest.getUTCMonth() + RANGE_MONTHS);
  if ((to ?? world.clock()).getTime() > latest.getTime() + ZONE_SLACK_MS) {
    throw badRequest(21405, `Zakres dat nie może przekraczać ${RANGE_MONTHS} miesięcy.`);
  }
  const isRestricted = dateType === 'PermanentStorage' && restrictToPermanentStorageHwmDate === true;
  if (isRestricted && from > world.clock()) {
    throw badRequest(21183, 'Parametr dateRange.from jest późniejszy niż PermanentStorageHwmDate.');
  }
}

/** Third parties and authorised ones are not read from invoices here: theirs is an empty list. */
function isParty(invoice: RegisteredInvoice, nip: string | null, subject: Filters['subjectType']): boolean {
  if (nip === null) return false;
  if (subject === 'Subject1') return invoice.nip === nip;
  return subject === 'Subject2' && invoice.buyerNip === nip;
}

/** What can be told without opening the document. */
function passes(world: World, invoice: RegisteredInvoice, filters: Filters): boolean {
  const equals = [
    [filters.ksefNumber, invoice.ksefNumber],
    [filters.invoiceNumber, invoice.number],
    [filters.sellerNip, invoice.nip],
    [filters.invoicingMode, invoice.mode],
    [filters.formType, invoice.form.value],
    [filters.hasAttachment, invoice.hasAttachment],
  ] as const;
  const types = filters.invoiceTypes ?? [];
  return (
    equals.every(([wanted, own]) => wanted === null || wanted === undefined || wanted === own) &&
    (types.length === 0 || types.includes(invoiceTypeOf(invoice.kind))) &&
    isWithin(world, invoice, filters)
  );
}

function isWithin(world: World, invoice: RegisteredInvoice, filters: Filters): boolean {
  const { from, to, dateType } = filters.dateRange;
  const written = dateType === 'Issue' ? warsawDay : (date: Date) => date.toISOString();
  const own = dateOf(invoice, filters);
  return own >= written(from) && own <= written(to ?? world.clock());
}

/** The date filtered and sorted by, as text that sorts like it. */
function dateOf(invoice: RegisteredInvoice, { dateRange }: Filters): string {
  switch (dateRange.dateType) {
    case 'Issue':
      return invoice.issueDate;
    case 'Invoicing':
      return invoice.invoicingDate.toISOString();
    case 'PermanentStorage':
      return storedAt(invoice).toISOString();
  }
}

function looksInside({ amount, buyerIdentifier, currencyCodes, isSelfInvoicing }: Filters): boolean {
  const given = [amount, buyerIdentifier, currencyCodes, isSelfInvoicing];
  return given.some((filter) => filter !== null && filter !== undefined);
}

async function filterInside(
  world: World,
  candidates: readonly RegisteredInvoice[],
  filters: Filters,
): Promise<RegisteredInvoice[]> {
  const chosen: RegisteredInvoice[] = [];
  for (const invoice of candidates) {
    if (passesInside(await metadataOf(world, invoice), filters)) chosen.push(invoice);
    await breathe();
  }
  return chosen;
}

function passesInside(metadata: InvoiceMetadata, filters: Filters): boolean {
  const { amount, buyerIdentifier, currencyCodes, isSelfInvoicing } = filters;
  const { type, value } = metadata.buyer.identifier;
  return (
    (currencyCodes ?? [metadata.currency]).includes(metadata.currency) &&
    (isSelfInvoicing ?? metadata.isSelfInvoicing) === metadata.isSelfInvoicing &&
    (buyerIdentifier?.type ?? type) === type &&
    (buyerIdentifier?.value ?? value) === value &&
    hasAmount(metadata, amount)
  );
}

function hasAmount(metadata: InvoiceMetadata, amount: Filters['amount']): boolean {
  if (amount === null || amount === undefined) return true;
  const amounts = { Brutto: metadata.grossAmount, Netto: metadata.netAmount, Vat: metadata.vatAmount };
  const own = amounts[amount.type];
  return own >= (amount.from ?? own) && own <= (amount.to ?? own);
}
