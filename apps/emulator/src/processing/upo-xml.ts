import type { ContextType } from '../auth/caller.ts';
import type { InvoiceRecord, Session } from '../sessions/model.ts';
import { warsawTimestamp } from '../warsaw.ts';
import { structureName } from './forms.ts';

/** Where one page of a session's receipt stands among all of them. */
export type UpoPlace = { page: number; pages: number; first: number; last: number; total: number };

const contextElements: Record<ContextType, string> = {
  Nip: 'Nip',
  InternalId: 'IdWewnetrzny',
  NipVatUe: 'IdZlozonyVatUE',
  PeppolId: 'IdDostawcyUslugPeppol',
};

const STRETCH_INVOICES = 200;

/**
 * A receipt (UPO v4-3) for accepted invoices, a stretch of it at a time; a page of a session's receipt tells its place,
 * one invoice's none.
 */
export function* upoXml(
  session: Session,
  invoices: readonly InvoiceRecord[],
  place: UpoPlace | null,
): Generator<string> {
  yield headXml(session, place);
  for (let start = 0; start < invoices.length; start += STRETCH_INVOICES)
    yield invoices
      .slice(start, start + STRETCH_INVOICES)
      .map(documentXml)
      .join('');
  yield '</Potwierdzenie>';
}

function headXml(session: Session, place: UpoPlace | null): string {
  const { context, tokenReference, documentHash } = session.owner;
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    '<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">',
    element('NazwaPodmiotuPrzyjmujacego', 'Ministerstwo Finansów'),
    element('NumerReferencyjnySesji', session.referenceNumber),
    '<Uwierzytelnienie><IdKontekstu>',
    element(contextElements[context.type], context.value),
    '</IdKontekstu>',
    documentHash === ''
      ? element('NumerReferencyjnyTokenaKSeF', tokenReference)
      : element('SkrotDokumentuUwierzytelniajacego', documentHash),
    '</Uwierzytelnienie>',
    place === null ? '' : placeXml(place),
    element('NazwaStrukturyLogicznej', structureName(session.form)),
    element('KodFormularza', session.form.systemCode),
  ].join('');
}

function placeXml(place: UpoPlace): string {
  return [
    '<OpisPotwierdzenia>',
    element('Strona', String(place.page)),
    element('LiczbaStron', String(place.pages)),
    element('ZakresDokumentowOd', String(place.first)),
    element('ZakresDokumentowDo', String(place.last)),
    element('CalkowitaLiczbaDokumentow', String(place.total)),
    '</OpisPotwierdzenia>',
  ].join('');
}

/** One text, and nothing escaped that has no such characters: of ten thousand it takes half the time. */
function documentXml(invoice: InvoiceRecord): string {
  const { invoicingDate, acquisitionDate, invoiceHash, mode } = invoice;
  const seller = escaped(invoice.sellerNip ?? '');
  const number = escaped(invoice.invoiceNumber ?? '');
  const issued = escaped(invoice.issueDate ?? '');
  const sent = warsawTimestamp(invoicingDate);
  const numbered = warsawTimestamp(acquisitionDate ?? invoicingDate);
  return `<Dokument><NipSprzedawcy>${seller}</NipSprzedawcy><NumerKSeFDokumentu>${invoice.ksefNumber ?? ''}</NumerKSeFDokumentu><NumerFaktury>${number}</NumerFaktury><DataWystawieniaFaktury>${issued}</DataWystawieniaFaktury><DataPrzeslaniaDokumentu>${sent}</DataPrzeslaniaDokumentu><DataNadaniaNumeruKSeF>${numbered}</DataNadaniaNumeruKSeF><SkrotDokumentu>${invoiceHash}</SkrotDokumentu><TrybWysylki>${mode ?? 'Online'}</TrybWysylki></Dokument>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  if (!/[&<>]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
