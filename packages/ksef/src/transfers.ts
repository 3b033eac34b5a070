/** Parts up, UPO down: storage addresses that carry their own permission, so no token goes along and nothing is paced. */
import { Readable } from 'node:stream';
import { type EmitEvent, type FaultTreatment, KsefFault, type Observe, type PartUpload } from '@wsad/domain';
import { transferAddress } from './addresses.ts';
import { headerOf, kindOf } from './bodies.ts';
import { type FaultContext, unansweredFault } from './faults.ts';
import { type Answer, type Exchange, Unanswered, type Wire } from './wire.ts';

export interface TransfersOptions {
  readonly wire: Wire;
  readonly clock: () => Date;
  readonly emit: EmitEvent;
  readonly observe: Observe;
  readonly transferMs: number;
  readonly baseIsLoopback: boolean;
}

export interface Transfers {
  uploadPart(upload: PartUpload, part: UploadedPart, signal?: AbortSignal): Promise<void>;
  download(url: string): Promise<Answer>;
}

export interface UploadedPart {
  readonly sizeBytes: number;
  open(): NodeJS.ReadableStream;
}

const STORAGE_ANSWER_BYTES_MAX = 1_000_000;
/** 10,000 entries are about 6 MB. */
const UPO_BYTES_MAX = 64_000_000;

export function createTransfers(options: TransfersOptions): Transfers {
  return {
    uploadPart: (upload, part, signal) => uploadPart(options, upload, part, signal),
    download: (url) => download(options, url),
  };
}

/** Only 201 is success: a firewall answers 200 with a page. Source: KSeF documentation, uploading of parts. */
async function uploadPart(
  options: TransfersOptions,
  upload: PartUpload,
  part: UploadedPart,
  signal: AbortSignal | undefined,
): Promise<void> {
  const context = contextFor('uploadPart', upload.url);
  const url = transferAddress(context.operation, upload.url, options.baseIsLoopback);
  const body = readable(part.open());
  try {
    const answer = await observedExchange(options, context, {
      url,
      method: upload.method,
      headers: withLength(upload.headers, part.sizeBytes),
      body,
      answerBytesMax: STORAGE_ANSWER_BYTES_MAX,
      totalMs: options.transferMs,
      signal,
    });
    if (answer.status !== 201) throw storageFault(context, answer, uploadTreatment(answer.status));
  } finally {
    body.destroy();
  }
}

/** Storage refuses chunked bodies, so the length is always told, and told once. */
function withLength(given: PartUpload['headers'], sizeBytes: number): Record<string, string> {
  const others = Object.entries(given).filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...Object.fromEntries(others), 'content-length': String(sizeBytes) };
}

async function download(options: TransfersOptions, address: string): Promise<Answer> {
  const context = contextFor('downloadUpo', address);
  const answer = await observedExchange(options, context, {
    url: transferAddress(context.operation, address, options.baseIsLoopback),
    method: 'GET',
    headers: { accept: 'application/xml' },
    answerBytesMax: UPO_BYTES_MAX,
    totalMs: options.transferMs,
  });
  // An address that has run out is renewed by asking the session's status again.
  if (answer.status !== 200) throw storageFault(context, answer, 'retry');
  return answer;
}

async function observedExchange(
  { wire, clock, emit, observe }: TransfersOptions,
  context: FaultContext,
  exchange: Exchange,
): Promise<Answer> {
  const { method, url } = exchange;
  const { operation } = context;
  // Their addresses are secrets: nothing of the path is told.
  const call = { operation, method, template: `{${operation}}`, url };
  return await observe({ name: 'ksef.call', call }, async (tell) => {
    const begun = clock().getTime();
    let status: number | null = null;
    try {
      const answer = await wire.exchange(exchange);
      status = answer.status;
      return answer;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      status = error.status;
      throw unansweredFault(context, error);
    } finally {
      const durationMs = clock().getTime() - begun;
      if (status !== null) tell({ status });
      emit({ type: 'ksef.called', operation, nip: null, status, durationMs });
    }
  });
}

/** 401 and 403 mean that the address is no good (any more), and a session gives its addresses once. */
function uploadTreatment(status: number): FaultTreatment {
  return status === 401 || status === 403 ? 'new-session' : 'retry';
}

/** The body of a storage error quotes the signed request, so of its words only the error code is taken. */
function storageFault(context: FaultContext, answer: Answer, treatment: FaultTreatment): KsefFault {
  const code = headerOf(answer, 'x-ms-error-code') ?? '';
  const known = /^\w{1,60}$/.test(code) ? ` (${code})` : '';
  return new KsefFault(treatment, {
    operation: context.operation,
    status: answer.status,
    code: null,
    description: `answered with ${kindOf(answer)}${known}`,
    details: [],
    retryAfterMs: null,
    mayHaveWorked: false,
  });
}

function contextFor(operation: string, address: string): FaultContext {
  return { operation, unrepeatable: false, secrets: [address] };
}

/** Whoever fails first ends both; an error that the stream tells after that has nobody left to hear it. */
function readable(stream: NodeJS.ReadableStream): Readable {
  const body = stream instanceof Readable ? stream : Readable.from(stream);
  return body.on('error', () => undefined);
}
