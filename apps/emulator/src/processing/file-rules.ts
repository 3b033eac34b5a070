import { ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm';

export type ReadFile = { document: XmlDocument; faults: null } | { document: null; faults: string[] };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const prolog = /^<\?xml\s[^?]*\?>/;

/**
 * Characters that the XML 1.0 recommendation (2.2) discourages, as bytes of UTF-8: DEL and controls from U+0080, but not
 * U+0085, U+FDD0 to U+FDEF, and the last two characters of every plane.
 */
const discouraged =
  /\x7f|\xc2[\x80-\x84\x86-\x9f]|\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]/;

/** Reads an invoice file as KSeF does (its documentation on invoice verification); every fault is a 430. */
export function readInvoiceFile(bytes: Buffer): ReadFile {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return refused('Plik zawiera znacznik BOM.');
  const text = decode(bytes);
  if (text === null) return refused('Plik nie jest zapisany w UTF-8.');
  const faults = [...prologFaults(text), ...contentFaults(bytes, text), ...characterFaults(bytes)];
  return faults.length > 0 ? { document: null, faults } : parseInvoiceFile(bytes);
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

function contentFaults(bytes: Buffer, text: string): string[] {
  const declaration = prolog.exec(text)?.[0] ?? '';
  // Most have none of it, and among bytes that is quickly seen.
  if (!bytes.includes('<!') && !bytes.includes('<?', Buffer.byteLength(declaration))) return [];
  const markup = text.slice(declaration.length).replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  const faults: string[] = [];
  if (markup.includes('<!DOCTYPE')) faults.push('Definicja DTD jest niedozwolona.');
  if (markup.includes('<?')) faults.push('Instrukcje przetwarzania są niedozwolone.');
  return faults;
}

/** Looked for in the bytes: among characters of two units each it takes several times as long. */
function characterFaults(bytes: Buffer): string[] {
  return hasDiscouraged(bytes.toString('latin1')) ? ['Plik zawiera niedozwolone znaki Unicode.'] : [];
}

/** Of UTF-8 in which each byte is read as a character. */
export function hasDiscouraged(characters: string): boolean {
  return discouraged.test(characters);
}

/** Blanks between elements mean nothing in any of the schemas; without them, reading takes a quarter less time. */
const parseOptions =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_BIG_LINES |
  ParseOption.XML_PARSE_NOBLANKS |
  ParseOption.XML_PARSE_COMPACT;

/** A file that breaks none of the rules above, if it is XML. */
export function parseInvoiceFile(bytes: Buffer): ReadFile {
  try {
    return { document: XmlDocument.fromBuffer(bytes, { option: parseOptions }), faults: null };
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
