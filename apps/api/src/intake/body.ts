import { Problem } from '@wsad/domain';
import type { FastifyRequest } from 'fastify';
import { type CallBudget, type CallLimits, callBudget, countedBody } from './call-budget.ts';
import type { Entry } from './entry.ts';
import { jsonEntries } from './json.ts';
import { multipartEntries } from './multipart.ts';
import { xmlEntries } from './xml.ts';
import { zipEntries } from './zip.ts';

type EntryReader = (request: FastifyRequest, budget: CallBudget, limits: CallLimits) => AsyncIterable<Entry>;

/** Every content type that invoices may come in, with its reader. */
const READERS: Readonly<Record<string, EntryReader>> = {
  'application/xml': (request, budget, limits) => xmlEntries(bodyOf(request, limits), budget),
  'text/xml': (request, budget, limits) => xmlEntries(bodyOf(request, limits), budget),
  'application/json': (request, budget, limits) => jsonEntries(bodyOf(request, limits), budget),
  'application/zip': (request, budget, limits) => zipEntries(bodyOf(request, limits), budget, limits),
  'application/x-zip-compressed': (request, budget, limits) =>
    zipEntries(bodyOf(request, limits), budget, limits),
  'multipart/form-data': multipartEntries,
};

/** The invoices of a request's body, one at a time, while it arrives. */
export function entriesOf(request: FastifyRequest, limits: CallLimits): AsyncIterable<Entry> {
  refuseEncoded(request.headers['content-encoding']);
  refuseDeclaredTooLarge(request.headers['content-length'], limits);
  const reader = READERS[mediaTypeOf(request)];
  if (reader === undefined) throw new Problem('UNSUPPORTED_MEDIA_TYPE');
  return reader(request, callBudget(limits), limits);
}

export function mediaTypeOf(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Leaving the loop early must not destroy the connection: the refusal still has to reach the sender. */
function bodyOf(request: FastifyRequest, limits: CallLimits): AsyncIterable<Uint8Array> {
  return countedBody(unlessBrokenOff(request), limits.bytesMax);
}

async function* unlessBrokenOff(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  try {
    yield* request.raw.iterator({ destroyOnReturn: false });
  } catch {
    throw new Problem('MALFORMED_BODY', 'The connection broke off in the middle of the body.');
  }
}

function refuseEncoded(encoding: string | undefined): void {
  if (encoding === undefined || encoding === 'identity') return;
  throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'Send the body without Content-Encoding.');
}

function refuseDeclaredTooLarge(length: string | undefined, limits: CallLimits): void {
  if (length !== undefined && Number(length) > limits.bytesMax)
    throw new Problem('TOO_LARGE', `The body would be ${length} bytes; a call takes ${limits.bytesMax}.`);
}
