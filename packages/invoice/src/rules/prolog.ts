import { fault, shown } from '../faults.ts';
import type { Source } from '../source.ts';
import { lineAt } from '../text.ts';
import type { Fault } from '../types.ts';

const DECLARATION = /^<\?xml(?=\s)([^>]*?)\?>/;
const VERSION = /\sversion\s*=\s*["']([^"']*)["']/;
const ENCODING = /\sencoding\s*=\s*["']([^"']*)["']/;
/** What may stand before the root element besides a DOCTYPE: white space, comments, processing instructions. */
const MISCELLANY = /\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y;
/** A byte is found faster than two, and most invoices hold no `!` at all. */
const EXCLAMATION_MARK = 0x21;
const DOCTYPE_RULE = 'wsad: no DTD';

/** What the XML declaration says, where there is one. */
export function declarationFaults({ head }: Source): Fault[] {
  const declaration = DECLARATION.exec(head)?.[1];
  if (declaration === undefined) return [];
  const version = VERSION.exec(declaration)?.[1] ?? '1.0';
  const encoding = ENCODING.exec(declaration)?.[1] ?? 'UTF-8';
  const faults: Fault[] = [];
  if (version !== '1.0') {
    const found = `It says version "${shown(version)}".`;
    faults.push(fault('XML_VERSION', { found, line: 1, rule: 'KSeF: XML 1.0' }));
  }
  if (encoding.toUpperCase() !== 'UTF-8') {
    const found = `It says encoding "${shown(encoding)}".`;
    faults.push(
      fault('DECLARED_ENCODING', { found, line: 1, rule: 'KSeF: no other encoding in the prolog' }),
    );
  }
  return faults;
}

/**
 * A DOCTYPE can stand before the root element alone; anywhere else the parser refuses it as malformed. So it is found
 * here, before a parser sees the file, and entities never come to be expanded.
 */
export function doctypeFault(source: Source): Fault | null {
  if (!source.bytes.includes(EXCLAMATION_MARK)) return null;
  const text = source.text();
  const at = endOfMiscellany(text);
  if (!/^<!doctype/i.test(text.slice(at, at + 9))) return null;
  return fault('DOCTYPE', { line: lineAt(text, at), rule: DOCTYPE_RULE });
}

/** The declaration, or nothing. */
export function declarationOf(text: string): string {
  return DECLARATION.exec(text)?.[0] ?? '';
}

function endOfMiscellany(text: string): number {
  MISCELLANY.lastIndex = declarationOf(text).length;
  let at = MISCELLANY.lastIndex;
  while (MISCELLANY.test(text)) at = MISCELLANY.lastIndex;
  MISCELLANY.lastIndex = 0;
  return at;
}
