import { type XmlDocument, XmlElement, XmlXPath } from 'libxml2-wasm';
import { fault } from './faults.ts';
import { FORM_ROWS, type FormRow, PLACES, type Place } from './forms.ts';
import type { NipField } from './rules/seller.ts';
import { collapsed } from './text.ts';
import type { Fault, Form, InvoiceFacts } from './types.ts';

/** libxml2 counts the lines of elements up to here and says this for all that follow. */
const LINE_MAX = 65_535;
/** No value that the forms allow is longer; a refused invoice may hold any. */
export const FACT_LENGTH_MAX = 1024;

/** Every form requires these; their absence is named by itself, since the schema's own words seldom do. */
const REQUIRED: readonly Place[] = ['issuerNip', 'currency', 'issueDate', 'number', 'grossAmount', 'kind'];

/** KSeF documentation, "Weryfikacja faktury": whose NIPs are verified. */
const NIP_PLACES = [
  'Podmiot1/DaneIdentyfikacyjne/NIP',
  'Podmiot2/DaneIdentyfikacyjne/NIP',
  'Podmiot3/DaneIdentyfikacyjne/NIP',
  'Podmiot3/DaneIdentyfikacyjne/IDWew',
  'PodmiotUpowazniony/DaneIdentyfikacyjne/NIP',
];

export interface Field {
  readonly text: string;
  readonly line: number | null;
}
export type Fields = ReadonlyMap<Place, Field>;

export interface FieldReader {
  /** The fields with their lines: what faults are told by. */
  readonly fields: (document: XmlDocument, form: Form) => Fields;
  /** The same fields without their lines, in half the time: enough for an invoice that turns out to have no fault. */
  readonly texts: (document: XmlDocument, form: Form) => Fields;
  readonly nipFields: (document: XmlDocument, form: Form) => NipField[];
}

/** One compiled XPath per form finds all fields at once. */
export function createFieldReader(): FieldReader {
  const facts = compiled(({ places }) => PLACES.map((place) => inForm(places[place])).join(' | '));
  const texts = compiled(({ places }) => {
    const lines = PLACES.map((place) => lineOf(place, firstOf(inForm(places[place]))));
    return `concat(${lines.join(", '\n', ")})`;
  });
  const nips = compiled(() => NIP_PLACES.map(inForm).join(' | '));
  return {
    fields: (document, form) => {
      const found = new Map<Place, Field>();
      for (const element of elements(document, facts.get(form))) {
        const place = PLACES_BY_PATH.get(form)?.get(pathOf(element));
        if (place !== undefined && !found.has(place)) found.set(place, fieldOf(element));
      }
      return found;
    },
    texts: (document, form) => {
      const path = texts.get(form);
      const lines = path === undefined ? [] : String(document.root.eval(path)).split('\n');
      return new Map(PLACES.flatMap((place, index) => fieldOfLine(place, lines[index] ?? '')));
    },
    nipFields: (document, form) =>
      elements(document, nips.get(form)).map((element) => ({
        element: element.name,
        party: element.parent?.parent?.name ?? '',
        ...fieldOf(element),
      })),
  };
}

/** Values as written: only an invoice without faults is sure to have sensible ones. */
export function factsOf(fields: Fields, form: Form): InvoiceFacts | null {
  const text = (place: Place) => fields.get(place)?.text ?? null;
  const [issuerNip, kind, number, issueDate] = [
    text('issuerNip'),
    text('kind'),
    text('number'),
    text('issueDate'),
  ];
  if (issuerNip === null || kind === null || number === null || issueDate === null) return null;
  return {
    form,
    issuerNip,
    kind,
    number,
    issueDate,
    hasAttachment: fields.has('attachment'),
    buyerName: text('buyerName'),
    buyerNip: text('buyerNip'),
    currency: text('currency'),
    grossAmount: text('grossAmount'),
  };
}

export function missingFaults(document: XmlDocument, fields: Fields, row: FormRow): Fault[] {
  return REQUIRED.filter((place) => !fields.has(place)).map((place) => {
    const [parent = '', ...inner] = row.places[place].split('/');
    const element = document.root.get(`fa:${parent}`, { fa: row.namespace });
    const line = element === null ? null : knownLine(element.line);
    const message =
      element === null
        ? `The element ${parent} is missing.`
        : `The element ${parent} has no ${inner.join('/')}, or it stands in another place.`;
    return fault('ELEMENT_MISSING', { message, line, rule: `${row.form} schema: required element` });
  });
}

/** libxml2's line, where it is one. */
export function knownLine(line: number): number | null {
  return line > 0 && line < LINE_MAX ? line : null;
}

function inForm(path: string): string {
  return path.replace(/(^|\/)/g, '$1fa:');
}

/** Each step of a path ends at the first that it finds: what follows the schema has no second one. */
function firstOf(path: string): string {
  return path.replace(/(?=\/|$)/g, '[1]');
}

/** White space is collapsed, so a text is one line. What may be absent or empty says in front which it is. */
function lineOf(place: Place, path: string): string {
  if (REQUIRED.includes(place)) return `normalize-space(${path})`;
  return place === 'attachment' ? `boolean(${path})` : `boolean(${path}), normalize-space(${path})`;
}

/** A required field without text counts as missing: the look with lines will tell. */
function fieldOfLine(place: Place, line: string): [Place, Field][] {
  const isThere = REQUIRED.includes(place) ? line !== '' : line.startsWith('true');
  const text = REQUIRED.includes(place) ? line : line.slice('true'.length);
  return isThere ? [[place, { text: text.slice(0, FACT_LENGTH_MAX), line: null }]] : [];
}

/** Names in the paths are those of the form. */
function compiled(xpathOf: (row: FormRow) => string): ReadonlyMap<Form, XmlXPath> {
  return new Map(FORM_ROWS.map((row) => [row.form, XmlXPath.compile(xpathOf(row), { fa: row.namespace })]));
}

function elements(document: XmlDocument, path: XmlXPath | undefined): XmlElement[] {
  if (path === undefined) return [];
  return document.root.find(path).filter((node) => node instanceof XmlElement);
}

const PLACES_BY_PATH: ReadonlyMap<Form, ReadonlyMap<string, Place>> = new Map(
  FORM_ROWS.map(({ form, places }) => [form, new Map(PLACES.map((place) => [places[place], place]))]),
);

/** Relative to the root. */
function pathOf(element: XmlElement): string {
  const { name, parent } = element;
  return parent === null || parent.parent === null ? name : `${pathOf(parent)}/${name}`;
}

function fieldOf(element: XmlElement): Field {
  const text = element.name === 'Zalacznik' ? '' : element.content;
  return { text: collapsed(text).slice(0, FACT_LENGTH_MAX), line: knownLine(element.line) };
}
