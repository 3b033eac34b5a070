/**
 * The entries of a UPO: which invoice (by its hash) got which KSeF number. Read in slices, because a page of 10,000
 * entries would hold the event loop for too long. Source: schema upo-v4-3.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UpoEntry } from '@wsad/domain';
import { cutRuns, FIELDS } from './upo-runs.ts';
import { XmlRefused, XmlScanner, type XmlToken } from './xml-scanner.ts';

const UPO = 'http://upo.schematy.mf.gov.pl/KSeF/v4-3';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
/** What comes before the entries; of no use here. */
const PREAMBLE: readonly string[] = [
  'NazwaPodmiotuPrzyjmujacego',
  'NumerReferencyjnySesji',
  'Uwierzytelnienie',
  'OpisPotwierdzenia',
  'NazwaStrukturyLogicznej',
  'KodFormularza',
];
type Field = (typeof FIELDS)[number];

/** Entries read between two turns of the event loop: about 2 ms. */
const SLICE_ENTRIES = 250;

/** All entries of one page. Throws XmlRefused for anything that is no UPO as the schema says. */
export async function readUpoEntries(xml: string): Promise<UpoEntry[]> {
  return (await readInRuns(xml)) ?? (await readEach(xml));
}

/** Null where there are no rows of plain entries, or where something is wrong: then it is said where. */
async function readInRuns(xml: string): Promise<UpoEntry[] | null> {
  const runs = await cutRuns(xml);
  if (runs === null) return null;
  try {
    const firsts = await readEach(runs.rest);
    // An entry within something else is none, and then nobody can tell which of the entries the rows stand behind.
    if (firsts.length !== runs.behind.length) return null;
    const entries: UpoEntry[] = [];
    for (const [index, first] of firsts.entries()) {
      entries.push(first);
      for (const values of runs.behind[index] ?? []) {
        entries.push(plainEntry(values));
        if (entries.length % SLICE_ENTRIES === 0) await nextTurn();
      }
    }
    return entries;
  } catch (error) {
    if (error instanceof XmlRefused) return null;
    throw error;
  }
}

function plainEntry(values: readonly string[]): UpoEntry {
  const value = (field: Field): string => collapsed(values[PLACES[field]] ?? '');
  return entryOf(value, (what) => new XmlRefused(what, 0));
}

const PLACES = Object.fromEntries(FIELDS.map((field, place) => [field, place])) as Record<Field, number>;

async function readEach(xml: string): Promise<UpoEntry[]> {
  const scanner = new XmlScanner(xml);
  const root = nextTag(scanner);
  if (!isOpen(root, 'Potwierdzenie')) throw scanner.refused('no UPO of version 4-3');
  const entries: UpoEntry[] = [];
  for (let tag = nextTag(scanner); tag.kind === 'open'; tag = nextTag(scanner)) {
    if (isOpen(tag, 'Dokument')) entries.push(readEntry(scanner));
    else passOver(scanner, tag, entries.length === 0);
    if (entries.length % SLICE_ENTRIES === SLICE_ENTRIES - 1) await nextTurn();
  }
  if (nextTag(scanner).kind !== 'end') throw scanner.refused('something after the UPO');
  if (entries.length === 0) throw scanner.refused('a UPO without entries');
  return entries;
}

/** The preamble before the entries and a signature after them are passed over; nothing else is known. */
function passOver(scanner: XmlScanner, tag: OpenTag, beforeEntries: boolean): void {
  const preamble = beforeEntries && tag.namespace === UPO && PREAMBLE.includes(tag.name);
  const signature = !beforeEntries && tag.namespace === SIGNATURE && tag.name === 'Signature';
  if (!preamble && !signature) throw scanner.refused(`the unknown element ${tag.name.slice(0, 60)}`);
  for (let depth = 1; depth > 0; ) {
    const { kind } = scanner.next();
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
  }
}

function readEntry(scanner: XmlScanner): UpoEntry {
  const values = new Map<Field, string>();
  for (const field of FIELDS) {
    if (!isOpen(nextTag(scanner), field)) throw scanner.refused(`an entry without ${field} in its place`);
    values.set(field, readValue(scanner));
  }
  if (nextTag(scanner).kind !== 'close') throw scanner.refused('an entry with an unknown element');
  return entryOf(
    (field) => values.get(field) ?? '',
    (what) => scanner.refused(what),
  );
}

function entryOf(value: (field: Field) => string, refused: (what: string) => XmlRefused): UpoEntry {
  const sha256 = value('SkrotDokumentu');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(sha256)) throw refused('a SkrotDokumentu that is no SHA-256');
  const invoicingMode = value('TrybWysylki');
  if (invoicingMode !== 'Online' && invoicingMode !== 'Offline') throw refused('an unknown TrybWysylki');
  const ksefNumber = value('NumerKSeFDokumentu');
  if (ksefNumber === '') throw refused('an empty NumerKSeFDokumentu');
  return {
    ksefNumber,
    sha256,
    invoiceNumber: value('NumerFaktury'),
    acquiredAt: instantOf(value('DataNadaniaNumeruKSeF')),
    invoicingMode,
  };
}

/** A time without an offset is nobody's: then it is not known. */
function instantOf(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The text of an element that holds nothing but text, its white space collapsed as the schema says. */
function readValue(scanner: XmlScanner): string {
  let value = '';
  for (let token = scanner.next(); token.kind !== 'close'; token = scanner.next()) {
    if (token.kind !== 'text') throw scanner.refused('an element where text belongs');
    value += token.text;
    if (value.length > 1000) throw scanner.refused('a value that is too long');
  }
  return collapsed(value);
}

/** White space as the schema says. */
function collapsed(value: string): string {
  return /[ \t\r\n]/.test(value) ? value.replace(/[ \t\r\n]+/g, ' ').trim() : value;
}

type Tag = Exclude<XmlToken, { kind: 'text' }>;
type OpenTag = Extract<XmlToken, { kind: 'open' }>;

/** The next tag; between tags there is nothing but white space. */
function nextTag(scanner: XmlScanner): Tag {
  for (;;) {
    const token = scanner.next();
    if (token.kind !== 'text') return token;
    if (token.text.trim() !== '') throw scanner.refused('text where an element belongs');
  }
}

function isOpen(tag: Tag, name: string): boolean {
  return tag.kind === 'open' && tag.name === name && tag.namespace === UPO;
}
