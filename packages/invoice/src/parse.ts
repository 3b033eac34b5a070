import { type ErrorDetail, ParseOption, XmlDocument, XmlParseError, XmlXPath } from 'libxml2-wasm';
import { fault, shown } from './faults.ts';
import type { Source } from './source.ts';
import type { Fault } from './types.ts';

/**
 * The bytes are known to be UTF-8 by now; nothing is fetched, nothing expanded. Short texts lie in their nodes, which may
 * be as long as no text is changed.
 */
const AS_WRITTEN =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_BIG_LINES |
  ParseOption.XML_PARSE_COMPACT;
/** White space between the tags is left out: half of the nodes, if an invoice is indented. */
const WITHOUT_INDENTATION = AS_WRITTEN | ParseOption.XML_PARSE_NOBLANKS;
const XSI = { xsi: 'http://www.w3.org/2001/XMLSchema-instance' };
const SCHEMA_HINTS = XmlXPath.compile('//@xsi:schemaLocation | //@xsi:noNamespaceSchemaLocation', XSI);
/** The end that both of their names have in common. */
const HINT_NAME_END = Buffer.from('chemaLocation');

/** What libxml2 says, and what that means to the one who has to mend the file. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^xmlParseEntityRef: no name|^EntityRef/, 'A bare "&" must be written as "&amp;".'],
  [/^Entity '([^']*)'/, '"&$1;" is not known to XML: write the character itself.'],
  [/^Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)/, '<$1> of line $2 meets </$3>.'],
  [/^Premature end of data in tag (\S+) line (\d+)/, 'The file ends inside <$1> of line $2: it is cut off.'],
  [
    /invalid Char value|invalid xmlChar value|^Invalid character/,
    'Here stands a character that XML forbids.',
  ],
  [/^StartTag: invalid element name/, 'A bare "<" must be written as "&lt;".'],
  [/^Start tag expected|^Document is empty/, 'It is not XML.'],
  [/^Extra content at the end/, 'Something follows the end of the invoice.'],
  [/declaration allowed only at the start/, 'Nothing may stand before <?xml, not even a space.'],
  [/^Attribute (\S+) redefined/, 'The attribute $1 stands twice in one element.'],
  [/^Namespace prefix (\S+)/, 'The prefix "$1" is used but not declared with xmlns.'],
  [/^Excessive depth/, 'Elements are nested deeper than in any invoice.'],
];

/** The parsed document, for the caller to dispose, or the fault that stopped the parser. */
export function parse(bytes: Uint8Array, withIndentation: boolean): XmlDocument | Fault {
  const option = withIndentation ? AS_WRITTEN : WITHOUT_INDENTATION;
  try {
    return XmlDocument.fromBuffer(bytes, { encoding: 'utf-8', option });
  } catch (error) {
    if (error instanceof XmlParseError) return notWellFormed(error.details);
    throw error;
  }
}

/**
 * Schema hints (xsi:schemaLocation) are legal and mean nothing to KSeF, but libxml2 would follow them: they are taken
 * out of the document, not of the file.
 */
export function withoutSchemaHints(document: XmlDocument, { bytes }: Source): void {
  if (!bytes.includes(HINT_NAME_END)) return;
  for (const hint of document.find(SCHEMA_HINTS)) hint.remove();
}

function notWellFormed(details: readonly ErrorDetail[]): Fault {
  const first = details.find((detail) => detail.level >= 2);
  const line = first === undefined || first.line < 1 ? null : first.line;
  const found = meaning(shown(first?.message.trim() ?? 'unreadable', 120));
  return fault('NOT_WELL_FORMED', { found, line, rule: 'XML 1.0: well-formed' });
}

function meaning(said: string): string {
  for (const [pattern, words] of MEANINGS) {
    const match = pattern.exec(said);
    if (match !== null) return words.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? '');
  }
  return `${said}.`;
}
