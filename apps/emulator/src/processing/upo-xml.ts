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

/** A receipt (UPO v4-3) for accepted invoices; a page of a session's receipt tells its place, one invoice's none. */
export function upoXml(session: Session, invoices: readonly InvoiceRecord[], place: UpoPlace | null): string {
  const { context, tokenReference, documentHash } = session.owner;
  const contextElement = contextElements[context.type];
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    '<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">',
    element('NazwaPodmiotuPrzyjmujacego', 'Ministerstwo Finansów'),
    element('NumerReferencyjnySesji', session.referenceNumber),
    '<Uwierzytelnienie><IdKontekstu>',
    element(contextElement, context.value),
    '</IdKontekstu>',
    documentHash === ''
      ? element('NumerReferencyjnyTokenaKSeF', tokenReference)
      : element('SkrotDokumentuUwierzytelniajacego', documentHash),
    '</Uwierzytelnienie>',
    place === null ? '' : placeXml(place),
    element('NazwaStrukturyLogicznej', structureName(session.form)),
    element('KodFormularza', session.form.systemCode),
    ...invoices.map(documentXml),
    '</Potwierdzenie>',
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

function documentXml(invoice: InvoiceRecord): string {
  return [
    '<Dokument>',
    element('NipSprzedawcy', invoice.sellerNip ?? ''),
    element('NumerKSeFDokumentu', invoice.ksefNumber ?? ''),
    element('NumerFaktury', invoice.invoiceNumber ?? ''),
    element('DataWystawieniaFaktury', invoice.issueDate ?? ''),
    element('DataPrzeslaniaDokumentu', warsawTimestamp(invoice.invoicingDate)),
    element('DataNadaniaNumeruKSeF', warsawTimestamp(invoice.acquisitionDate ?? invoice.invoicingDate)),
    element('SkrotDokumentu', invoice.invoiceHash),
    element('TrybWysylki', invoice.mode ?? 'Online'),
    '</Dokument>',
  ].join('');
}

function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  // Of ten thousand texts hardly one has any of these.
  if (!/[&<>]/.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
