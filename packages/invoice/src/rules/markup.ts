import { fault, shown } from '../faults.ts';
import type { Source } from '../source.ts';
import { lineAt } from '../text.ts';
import type { Fault } from '../types.ts';
import { declarationOf } from './prolog.ts';

/** More of the same kind would only bury the others. */
const FAULTS_OF_A_KIND_MAX = 10;

/**
 * The ranges that XML 1.0, section 2.2, discourages, without U+FFFE and U+FFFF, which no XML may hold at all. KSeF
 * documentation, "Weryfikacja faktury". Plane n's pair is written with its surrogates.
 */
const DISCOURAGED =
  /[\x7F-\x84\x86-\x9F\uFDD0-\uFDEF]|[\uD83F\uD87F\uD8BF\uD8FF\uD93F\uD97F\uD9BF\uD9FF\uDA3F\uDA7F\uDABF\uDAFF\uDB3F\uDB7F\uDBBF\uDBFF][\uDFFE\uDFFF]/g;
/** In UTF-8 each of those holds one of these: a search for a byte takes no time, and most invoices hold none of them. */
const BYTES_OF_DISCOURAGED = [0x7f, 0xc2, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4];
/** Comments and CDATA come first, so that what stands inside them is not taken for markup. */
const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?([^\s?]+)|&#(?:x([0-9a-fA-F]+)|([0-9]+));/g;
/** `?` and `#`: no instruction is without the one, no reference to a character without the other. */
const BYTES_OF_WRITTEN = [0x3f, 0x23];

/** Faults that a well-formed text may still have: discouraged characters and processing instructions. */
export function markupFaults(source: Source): Fault[] {
  return [...literalFaults(source), ...writtenFaults(source)];
}

function literalFaults(source: Source): Fault[] {
  if (!BYTES_OF_DISCOURAGED.some((byte) => source.bytes.includes(byte))) return [];
  const faults: Fault[] = [];
  const text = source.text();
  for (const match of text.matchAll(DISCOURAGED)) {
    faults.push(discouraged(match[0], lineAt(text, match.index)));
    if (faults.length === FAULTS_OF_A_KIND_MAX) break;
  }
  return faults;
}

/** Processing instructions, and discouraged characters written as references (`&#x7F;`). */
function writtenFaults(source: Source): Fault[] {
  const declaration = declarationOf(source.head);
  const bytes = source.bytes.subarray(Buffer.byteLength(declaration));
  if (!BYTES_OF_WRITTEN.some((byte) => bytes.includes(byte))) return [];
  const text = source.text();
  const start = declaration.length;
  if (!text.includes('<?', start) && !text.includes('&#', start)) return [];
  const faults: Fault[] = [];
  for (const match of text.slice(start).matchAll(MARKUP)) {
    const line = () => lineAt(text, start + match.index);
    if (match[1] !== undefined) faults.push(instruction(match[1], line()));
    const character = referenced(match);
    if (character.search(DISCOURAGED) !== -1) faults.push(discouraged(character, line()));
    if (faults.length === FAULTS_OF_A_KIND_MAX) break;
  }
  return faults;
}

function referenced(match: RegExpExecArray): string {
  const [, , hexadecimal, decimal] = match;
  const code =
    hexadecimal === undefined ? Number.parseInt(decimal ?? '32', 10) : Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function instruction(target: string, line: number): Fault {
  return fault('PROCESSING_INSTRUCTION', {
    found: `Here stands <?${shown(target, 30)} ...?>.`,
    line,
    rule: 'KSeF: no processing instructions',
  });
}

function discouraged(character: string, line: number): Fault {
  const name = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return fault('DISCOURAGED_CHARACTER', {
    found: `Here stands the character ${name}.`,
    line,
    rule: 'KSeF: no discouraged Unicode (XML 1.0, section 2.2)',
  });
}
