import { createHash } from 'node:crypto';

export const UPO_NAMESPACE = 'http://upo.schematy.mf.gov.pl/KSeF/v4-3';

export interface UpoDocument {
  ksefNumber: string;
  invoiceNumber: string;
  sha256: string;
  mode: string;
}

export function upoDocument(index: number, over: Partial<UpoDocument> = {}): UpoDocument {
  return {
    ksefNumber: `5265877635-20260901-${index.toString(16).toUpperCase().padStart(12, '0')}-46`,
    invoiceNumber: `FA/${index}/09/2026`,
    sha256: createHash('sha256').update(String(index)).digest('base64'),
    mode: 'Online',
    ...over,
  };
}

/** A page of a session's UPO as KSeF writes it; `prefix` writes it with another namespace prefix. */
export function upoXml(documents: readonly UpoDocument[], prefix = ''): string {
  const p = prefix === '' ? '' : `${prefix}:`;
  const element = (name: string, ...content: string[]) => `<${p}${name}>${content.join('')}</${p}${name}>`;
  const xmlns = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  return [
    `<?xml version="1.0" encoding="utf-8"?>\r\n<${p}Potwierdzenie ${xmlns}="${UPO_NAMESPACE}">`,
    element('NazwaPodmiotuPrzyjmujacego', 'Ministerstwo Finansów'),
    element('NumerReferencyjnySesji', '20260901-SB-213D593000-4DE10D80A5-E9'),
    element('Uwierzytelnienie', element('IdKontekstu', element('Nip', '5265877635'))),
    element('NazwaStrukturyLogicznej', 'Schemat_FA(3)_v1-0E.xsd'),
    element('KodFormularza', 'FA (3)'),
    ...documents.map((document) =>
      element(
        'Dokument',
        element('NipSprzedawcy', '5265877635'),
        element('NumerKSeFDokumentu', document.ksefNumber),
        element('NumerFaktury', escaped(document.invoiceNumber)),
        element('DataWystawieniaFaktury', '2026-09-01'),
        element('DataPrzeslaniaDokumentu', '2026-09-01T12:00:01.584+02:00'),
        element('DataNadaniaNumeruKSeF', '2026-09-01T12:00:02.084+02:00'),
        element('SkrotDokumentu', document.sha256),
        element('TrybWysylki', document.mode),
      ),
    ),
    `</${p}Potwierdzenie>`,
  ].join('\n');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
