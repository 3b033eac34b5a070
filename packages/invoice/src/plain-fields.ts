/**
 * The fields of an invoice that follows its schema, read from its bytes: there each of these elements has one place, so
 * the first tag of its name is the right one. Where anything is written in an unusual way, XPath has to tell.
 */
import type { Field, Fields } from './facts.ts';
import { FACT_LENGTH_MAX } from './facts.ts';
import { FORM_ROWS, type FormRow, PLACES, type Place } from './forms.ts';
import type { Source } from './source.ts';
import { collapsed } from './text.ts';
import type { Form } from './types.ts';

/** What is found nowhere is absent only if its very name is found nowhere: it may be written with a prefix. */
const OPTIONAL: readonly Place[] = ['buyerNip', 'buyerName'];

/** A stretch of the file that holds some of the fields. */
interface Stretch {
  readonly begin: Buffer;
  readonly end: Buffer;
  /** The element inside of it whose children the fields are; null where that is the stretch itself. */
  readonly inner: string | null;
  readonly fields: readonly { readonly place: Place; readonly name: string }[];
}
interface Plan {
  readonly stretches: readonly Stretch[];
  readonly attachment: Buffer;
}

/** Null where XPath has to tell. Only of a file that follows the schema of the form. */
export function plainFields({ bytes, isPlain }: Source, form: Form): Fields | null {
  const plan = PLANS.get(form);
  if (!isPlain || plan === undefined || bytes.includes(plan.attachment)) return null;
  const found = new Map<Place, Field>();
  for (const stretch of plan.stretches) {
    const text = stretchOf(bytes, stretch);
    if (text === null) return null;
    for (const { place, name } of stretch.fields) {
      const value = textOf(text, name);
      if (value !== null) found.set(place, { text: value, line: null });
      else if (!OPTIONAL.includes(place) || text.includes(name)) return null;
    }
  }
  return found;
}

function stretchOf(bytes: Buffer, { begin, end, inner }: Stretch): string | null {
  const from = bytes.indexOf(begin);
  const to = from === -1 ? -1 : bytes.indexOf(end, from);
  if (to === -1) return null;
  const text = bytes.toString('utf8', from, to + end.length);
  return inner === null ? text : between(text, `<${inner}>`, `</${inner}>`);
}

/** Null for one that is absent or empty, and for one with references in it. */
function textOf(text: string, name: string): string | null {
  const written = between(text, `<${name}>`, `</${name}>`);
  if (written === null || written.includes('&')) return null;
  return collapsed(written).slice(0, FACT_LENGTH_MAX) || null;
}

function between(text: string, begin: string, end: string): string | null {
  const from = text.indexOf(begin);
  const to = from === -1 ? -1 : text.indexOf(end, from);
  return to === -1 ? null : text.slice(from + begin.length, to);
}

/** The parties end with their own tags; of the invoice itself, what comes after its kind is of no interest. */
function planOf({ places }: FormRow): Plan {
  const [body = ''] = places.kind.split('/');
  return {
    stretches: [
      stretch(places, 'Podmiot1', 'Podmiot1', 'DaneIdentyfikacyjne'),
      stretch(places, 'Podmiot2', 'Podmiot2', 'DaneIdentyfikacyjne'),
      stretch(places, body, 'RodzajFaktury', null),
    ],
    attachment: Buffer.from(places.attachment),
  };
}

function stretch(places: FormRow['places'], begin: string, end: string, inner: string | null): Stretch {
  const parent = inner === null ? begin : `${begin}/${inner}`;
  const fields = PLACES.filter((place) => places[place].startsWith(`${parent}/`)).map((place) => ({
    place,
    name: places[place].slice(parent.length + 1),
  }));
  return { begin: Buffer.from(`<${begin}>`), end: Buffer.from(`</${end}>`), inner, fields };
}

const PLANS: ReadonlyMap<Form, Plan> = new Map(FORM_ROWS.map((row) => [row.form, planOf(row)]));
