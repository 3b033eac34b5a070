import { shown } from '../faults.ts';
import { kindOf } from './wording.ts';

/** A list of allowed values is shown up to this length; longer ones (countries, currencies) have words instead. */
const LISTED_MAX = 90;

/** What is wrong with a value, from the facet libxml2 names and the limit at the end of its sentence. */
type Wording = (limit: string, element: string) => string;

const FACETS: Readonly<Record<string, Wording>> = {
  maxLength: (limit) => `is longer than the ${limit} characters allowed`,
  minLength: (limit) => (limit === '1' ? 'is empty' : `is shorter than the ${limit} characters required`),
  length: (limit) => `must have ${limit} characters`,
  fractionDigits: (limit) => `has more than ${limit} decimals`,
  totalDigits: (limit) => `has more than ${limit} digits`,
  minInclusive: (limit) => `is below the least value allowed, ${limit}`,
  maxInclusive: (limit) => `is above the greatest value allowed, ${limit}`,
  minExclusive: (limit) => `must be above ${limit}`,
  maxExclusive: (limit) => `must be below ${limit}`,
  pattern: (limit, element) => `should be ${kindOf(element) ?? `of the pattern ${shown(limit, 80)}`}`,
};

export interface FacetFault {
  readonly facet: string;
  readonly text: string;
}

const FACET = /^\[facet '(\w+)'\] The value (?:'([\s\S]*?)' (?=is|has|must))?/;
const LIMIT = /'([^']*)'\)?\.\s*$/;
/** Values beyond this no form allows; libxml2 cuts its sentence off somewhere inside them. */
const SENTENCE_LENGTH_MAX = 20_000;

/** `[facet 'x'] The value 'y' ...` in words, or undefined where the sentence is no facet's. */
export function facetFault(sentence: string, element: string): FacetFault | undefined {
  const match = FACET.exec(sentence.slice(0, SENTENCE_LENGTH_MAX));
  const facet = match?.[1];
  if (facet === undefined) return undefined;
  if (sentence.length > SENTENCE_LENGTH_MAX) return { facet, text: 'the value is much too long' };
  const value = match?.[2];
  const subject = value === undefined ? 'the value' : `"${shown(value)}"`;
  return { facet, text: `${subject} ${predicate(facet, sentence, element)}` };
}

function predicate(facet: string, sentence: string, element: string): string {
  if (facet === 'enumeration') return enumeration(sentence, element);
  const limit = LIMIT.exec(sentence)?.[1] ?? '';
  const wording = Object.hasOwn(FACETS, facet) ? FACETS[facet] : undefined;
  return wording?.(limit, element) ?? `breaks the facet ${facet}`;
}

function enumeration(sentence: string, element: string): string {
  const from = sentence.lastIndexOf('{');
  const list = sentence.slice(from + 1, sentence.lastIndexOf('}')).replaceAll("'", '');
  if (from !== -1 && list.length <= LISTED_MAX) return `is not one of the values allowed: ${list}`;
  return `is not one of the values allowed; it should be ${kindOf(element) ?? 'a code of the list in the form'}`;
}
