import { ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm';

export type ReadFile = { document: XmlDocument; faults: null } | { document: null; faults: string[] };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const prolog = /^<\?xml\s[^?]*\?>/;

/** Characters that the XML 1.0 recommendation (2.2) discourages: some controls, and all noncharacters. */
const discouraged = /[\x7f-\x84\x86-\x9f\p{Noncharacter_Code_Point}]/u;

/** Reads an invoice file as KSeF does (its documentation on invoice verification); every fault is a 430. */
export function readInvoiceFile(bytes: Buffer): ReadFile {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return refused('Plik zawiera znacznik BOM.');
  const text = decode(bytes);
  if (text === null) return refused('Plik nie jest zapisany w UTF-8.');
  const faults = [...prologFaults(text), ...contentFaults(text)];
  return faults.length > 0 ? { document: null, faults } : parse(bytes);
}

function decode(bytes: Buffer): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function prologFaults(text: string): string[] {
  const declaration = prolog.exec(text)?.[0] ?? '';
  const version = /version\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? '1.0';
  const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? 'UTF-8';
  const faults: string[] = [];
  if (version !== '1.0') faults.push(`Niedozwolona wersja XML: ${version}.`);
  if (encoding.toUpperCase() !== 'UTF-8') faults.push(`Niedozwolone kodowanie: ${encoding}.`);
  return faults;
}

function contentFaults(text: string): string[] {
  const markup = text.replace(prolog, '').replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  const faults: string[] = [];
  if (markup.includes('<!DOCTYPE')) faults.push('Definicja DTD jest niedozwolona.');
  if (markup.includes('<?')) faults.push('Instrukcje przetwarzania są niedozwolone.');
  if (discouraged.test(text)) faults.push('Plik zawiera niedozwolone znaki Unicode.');
  return faults;
}

function parse(bytes: Buffer): ReadFile {
  try {
    const option =
      ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_BIG_LINES;
    return { document: XmlDocument.fromBuffer(bytes, { option }), faults: null };
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    return {
      document: null,
      faults: error.details.map(({ message, line }) => `Linia ${line}: ${message.trim()}`),
    };
  }
}

function refused(fault: string): ReadFile {
  return { document: null, faults: [fault] };
}
