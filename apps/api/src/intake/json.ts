import { correctionReference, Problem } from '@wsad/domain';
import { z } from 'zod';
import type { CallBudget } from './call-budget.ts';
import { ENTRY_BYTES_MAX, type Entry, wholeEntry } from './entry.ts';
import { parsedInvoice } from './json-invoice.ts';
import { JsonText, malformed } from './json-text.ts';

/** A JSON escape takes up to six bytes for one of XML; beyond this an invoice could not be within KSeF's limit. */
const VALUE_BYTES_MAX = ENTRY_BYTES_MAX * 6 + 100_000;
const FAULTS_NAMED_MAX = 100;

/** An earlier invoice, as a call names it. */
export const correctionOf = z
  .string()
  .refine((text) => correctionReference(text) !== null, 'is neither an invoice id nor a SHA-256')
  .describe('a technical correction: id or SHA-256 (base64, base64url) of the offline invoice KSeF refused');

export const jsonInvoiceSchema = z.object({
  externalId: z.string().min(1).max(200).nullish(),
  correctionOf: correctionOf.nullish(),
  xml: z.string().refine((text) => text.isWellFormed(), 'holds half of a surrogate pair, which is no text'),
});

interface RequestFault {
  readonly path: string;
  readonly message: string;
}

/** `{"invoices":[{"externalId"?,"xml"}]}`, one invoice in memory at a time. */
export async function* jsonEntries(
  body: AsyncIterable<Uint8Array>,
  budget: CallBudget,
): AsyncGenerator<Entry> {
  const text = new JsonText(withoutByteOrderMark(body), VALUE_BYTES_MAX);
  try {
    yield* objectEntries(text, budget);
  } finally {
    await text.close();
  }
}

async function* objectEntries(text: JsonText, budget: CallBudget): AsyncGenerator<Entry> {
  await expectObject(text);
  let seen = false;
  for (let first = true; !(await text.takes('}')); first = false) {
    if (!first) await text.expect(',');
    const key = await memberKey(text);
    if (key !== 'invoices') {
      await text.value();
      continue;
    }
    if (seen) throw malformed('"invoices" stands in it twice');
    seen = true;
    yield* invoices(text, budget);
  }
  if ((await text.peek()) !== null) throw malformed('something follows its end');
  if (!seen) throw invalid([{ path: 'invoices', message: 'is missing' }]);
}

async function expectObject(text: JsonText): Promise<void> {
  const first = await text.peek();
  if (first === null) throw malformed('it is empty');
  if (first !== '{') {
    await text.value();
    throw invalid([{ path: '', message: 'must be an object with "invoices"' }]);
  }
  await text.expect('{');
}

async function memberKey(text: JsonText): Promise<string> {
  const key = await text.value();
  if (typeof key !== 'string') throw malformed('a member of the object has no name');
  await text.expect(':');
  return key;
}

/** Goes on to the end after a fault, so that one answer names all of them. */
async function* invoices(text: JsonText, budget: CallBudget): AsyncGenerator<Entry> {
  if (!(await text.takes('['))) throw invalid([{ path: 'invoices', message: 'must be an array' }]);
  const faults: RequestFault[] = [];
  for (let index = 0; !(await text.takes(']')); index += 1) {
    if (index > 0) await text.expect(',');
    const { value, encoding } = parsedInvoice(await text.valueBytes());
    const parsed = jsonInvoiceSchema.safeParse(value);
    if (!parsed.success) {
      faults.push(...faultsAt(`invoices[${index}]`, parsed.error));
      if (faults.length >= FAULTS_NAMED_MAX) break;
    } else if (faults.length === 0) {
      const content = wholeEntry(Buffer.from(parsed.data.xml, encoding), budget);
      const { externalId = null, correctionOf: reference } = parsed.data;
      const corrected = correctionReference(reference ?? '');
      yield { fileName: null, externalId, correctionOf: corrected, content };
    }
  }
  if (faults.length > 0) throw invalid(faults);
}

function faultsAt(place: string, error: z.ZodError): RequestFault[] {
  return error.issues.map((issue) => ({
    path: [place, ...issue.path].join('.'),
    message: issue.message,
  }));
}

function invalid(errors: readonly RequestFault[]): Problem {
  const first = errors[0];
  const detail = first === undefined ? undefined : `${first.path || 'The body'}: ${first.message}`;
  return new Problem('INVALID_REQUEST', detail, { errors });
}

async function* withoutByteOrderMark(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of body) {
    const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    first = false;
    yield marked ? chunk.subarray(3) : chunk;
  }
}
