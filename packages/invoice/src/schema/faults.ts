import { type ErrorDetail, type XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { knownLine } from '../facts.ts';
import { fault, shown } from '../faults.ts';
import type { Fault, FaultCode, Form } from '../types.ts';
import { facetFault } from './facets.ts';
import { kindOf, misplacedHint, named } from './wording.ts';

/** Enough to mend a file by; a file with more is usually wrong as a whole. */
const SCHEMA_FAULTS_MAX = 50;

/** What one sentence of libxml2 comes to. */
interface Reading {
  readonly code: FaultCode;
  readonly text: string;
  readonly rule: string;
}
type Reader = (body: string, element: string, form: Form) => Reading | undefined;

/** A schema fault, and the element it is about. */
export interface SchemaFault {
  readonly fault: Fault;
  readonly element: string;
}

/** Every way in which the document departs from the schema of its form, in the order of the document. */
export function schemaFaults(document: XmlDocument, schema: XsdValidator, form: Form): SchemaFault[] {
  const details = withoutEchoes(violations(document, schema));
  const faults = details.slice(0, SCHEMA_FAULTS_MAX).map((detail) => translated(detail, form));
  const more = details.length - SCHEMA_FAULTS_MAX;
  return more > 0 ? [...faults, omitted(more)] : faults;
}

function violations(document: XmlDocument, schema: XsdValidator): readonly ErrorDetail[] {
  try {
    schema.validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    const errors = error.details.filter((detail) => detail.level >= 2);
    return errors.length > 0 ? errors : [UNEXPLAINED];
  }
}

/** Invalid without a word of why must still be invalid. */
const UNEXPLAINED: ErrorDetail = {
  message: 'The document does not follow the schema.',
  level: 2,
  line: 0,
  col: 0,
};

/** libxml2 reports each broken facet of one value by itself; the first says it. */
function withoutEchoes(details: readonly ErrorDetail[]): ErrorDetail[] {
  const told = new Set<string>();
  return details.filter(({ message, xpath = '' }) => {
    if (!/\[facet '|is not a valid value of/.test(message)) return true;
    const place = `${xpath} ${/^[^:]*/.exec(withoutNamespaces(message))?.[0] ?? ''}`;
    if (told.has(place)) return false;
    told.add(place);
    return true;
  });
}

function omitted(more: number): SchemaFault {
  const message = `There are ${more} more faults against the schema. Mend those listed and check again.`;
  return { fault: fault('MORE_SCHEMA_FAULTS', { message }), element: '' };
}

const SENTENCE = /^Element '([^']*)'(?:, attribute '([^']*)')?: ([\s\S]*)$/;

function translated(detail: ErrorDetail, form: Form): SchemaFault {
  const sentence = withoutNamespaces(detail.message).trim();
  const [, element = '', attribute, body = sentence] = SENTENCE.exec(sentence) ?? [];
  const subject = attribute ?? element;
  const reading = read(body, subject, form);
  const line = knownLine(detail.line);
  const who = attribute === undefined ? named(element, form) : `the attribute ${attribute} of ${element}`;
  const code = attribute === undefined ? reading.code : 'ATTRIBUTE_INVALID';
  const message = `${element === '' ? '' : `${who}: `}${reading.text}.`;
  return { fault: fault(code, { message, line, rule: `${form} schema: ${reading.rule}` }), element };
}

function withoutNamespaces(message: string): string {
  return message.replace(/\{https?:[^}\s]*\}/g, '');
}

function read(body: string, element: string, form: Form): Reading {
  for (const reader of READERS) {
    const reading = reader(body, element, form);
    if (reading !== undefined) return reading;
  }
  return { code: 'CONTENT_INVALID', text: shown(body.replace(/\.\s*$/, ''), 200), rule: 'content' };
}

const unexpected: Reader = (body, element, form) => {
  if (!body.startsWith('This element is not expected.')) return undefined;
  const expected = expectation(body, form);
  const hint = misplacedHint(element);
  const said = ['this element may not stand here', expected && `expected ${expected}`, hint];
  const text = said.filter((part) => part !== undefined).join('; ');
  return { code: 'ELEMENT_UNEXPECTED', text, rule: 'order of elements' };
};

const missingChild: Reader = (body, _, form) => {
  if (!body.startsWith('Missing child element(s).')) return undefined;
  const expected = expectation(body, form) ?? 'a further element';
  return { code: 'ELEMENT_MISSING', text: `inside it is missing ${expected}`, rule: 'required element' };
};

const facet: Reader = (body, element) => {
  const broken = facetFault(body, element);
  return broken && { code: 'VALUE_INVALID', text: broken.text, rule: broken.facet };
};

const type: Reader = (body, element) => {
  const match = /^'([\s\S]*)' is not a valid value of the (?:local )?\w+ type(?: '(?:\w+:)?(\w+)')?/.exec(
    body,
  );
  if (match === null) return undefined;
  const [, value = '', name] = match;
  const wanted = kindOf(element, name);
  const text = `"${shown(value)}" is not ${wanted ?? 'a value of the kind asked for'}`;
  return { code: 'VALUE_INVALID', text, rule: `type${name === undefined ? '' : ` ${name}`}` };
};

const attribute: Reader = (body) => {
  const match = /^The attribute '([^']*)' is (required but missing|not allowed)/.exec(body);
  if (match === null) return undefined;
  const text = `the attribute ${match[1]} is ${match[2] === 'not allowed' ? 'not allowed' : 'missing'}`;
  return { code: 'ATTRIBUTE_INVALID', text, rule: 'attributes' };
};

const fixed: Reader = (body) => {
  const match = /^The value '([\s\S]*)' does not match the fixed value constraint '([^']*)'/.exec(body);
  if (match === null) return undefined;
  const text = `"${shown(match[1] ?? '')}" must be "${match[2]}"`;
  return { code: 'VALUE_INVALID', text, rule: 'fixed value' };
};

const strayText: Reader = (body) => {
  if (!body.startsWith('Character content')) return undefined;
  const text = 'text stands where only elements may, beside or instead of them';
  return { code: 'CONTENT_INVALID', text, rule: 'elements only' };
};

const strayElement: Reader = (body) => {
  if (!body.startsWith('Element content is not allowed')) return undefined;
  return { code: 'CONTENT_INVALID', text: 'an element stands where only text may', rule: 'text only' };
};

const READERS: readonly Reader[] = [
  unexpected,
  missingChild,
  facet,
  type,
  attribute,
  fixed,
  strayText,
  strayElement,
];

/** `A`, or `one of A, B, C`; libxml2 leaves the rest off a long list with dots. */
function expectation(body: string, form: Form): string | undefined {
  const list = /Expected is (?:one of )?\( ([^)]*) \)/.exec(body)?.[1];
  if (list === undefined) return undefined;
  const elements = list.split(', ');
  return elements.length === 1 ? named(list, form) : `one of ${elements.join(', ')}`;
}
