import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import type { FormCode } from './forms.ts';

/** What of an invoice matters outside its XSD. */
export type InvoiceFacts = {
  /** Podmiot1, the seller. */
  nip: string;
  buyerNip: string | null;
  /** The party that must be the context of the session. */
  issuerNip: string;
  kind: string;
  number: string;
  /** `YYYY-MM-DD` */
  issueDate: string;
  hasAttachment: boolean;
};

/** Reads the facts, or null where the XML is no invoice of this form. */
export function readFacts(document: XmlDocument, form: FormCode): InvoiceFacts | null {
  const parts = childElements(document.root);
  const body = parts.get(form.body);
  if (document.root.name !== 'Faktura' || body === undefined) return null;
  const fields = firstChildren(body, [form.number, form.issueDate, 'RodzajFaktury']);
  return factsOf(form, {
    seller: nipOf(parts.get('Podmiot1')),
    buyer: nipOf(parts.get('Podmiot2')),
    number: textOf(fields.get(form.number)),
    kind: textOf(fields.get('RodzajFaktury')),
    issueDate: textOf(fields.get(form.issueDate)),
    hasAttachment: parts.has('Zalacznik'),
  });
}

/** What an invoice says where it matters; null for what it does not say. */
export type InvoiceTexts = {
  seller: string | null;
  buyer: string | null;
  number: string | null;
  kind: string | null;
  issueDate: string | null;
  hasAttachment: boolean;
};

/** null where something is missing that no invoice is without. */
export function factsOf(form: FormCode, texts: InvoiceTexts): InvoiceFacts | null {
  const { seller: nip, buyer: buyerNip, number, kind, hasAttachment } = texts;
  const issueDate = texts.issueDate?.slice(0, 10) ?? null;
  const issuerNip = form.issuer === 'Podmiot1' ? nip : buyerNip;
  if (nip === null || issuerNip === null || number === null || kind === null || issueDate === null)
    return null;
  return { nip, buyerNip, issuerNip, kind, number, issueDate, hasAttachment };
}

function nipOf(party: XmlElement | undefined): string | null {
  const identity = party && firstChildren(party, ['DaneIdentyfikacyjne']).get('DaneIdentyfikacyjne');
  return textOf(identity && firstChildren(identity, ['NIP']).get('NIP'));
}

/** First child element of each of these names. Looks no further than the last of them: behind it are an invoice's rows. */
function firstChildren(parent: XmlElement, names: readonly string[]): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  for (let child = parent.firstChild; child !== null && found.size < names.length; child = child.next) {
    if (!(child instanceof XmlElement)) continue;
    const { name } = child;
    if (names.includes(name) && !found.has(name)) found.set(name, child);
  }
  return found;
}

/** First child element of each local name. */
export function childElements(parent: XmlElement): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  for (let child = parent.firstChild; child !== null; child = child.next) {
    if (!(child instanceof XmlElement)) continue;
    const { name } = child;
    if (!found.has(name)) found.set(name, child);
  }
  return found;
}

export function textOf(element: XmlElement | undefined): string | null {
  return element === undefined ? null : collapsed(element.content);
}

/** Text with white space collapsed, as the schemas' token types read it; null where nothing is left of it. */
export function collapsed(text: string): string | null {
  return text.replace(/\s+/g, ' ').trim() || null;
}
