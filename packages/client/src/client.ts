/** wsad in a few calls: hand invoices in, wait for what becomes of them, and everything else of the API by its types. */
import { createWsadClient, type Schemas, type WsadClient } from './api.ts';
import { StillUnderWay, WsadProblem, WsadUnreachable } from './errors.ts';
import { progressOf } from './follow.ts';
import { pause } from './pause.ts';
import { type RetryOptions, retryingFetch } from './retrying-fetch.ts';
import { type HandedIn, type SendOptions, sendBody, sendQuery } from './send.ts';

type Submission = Schemas['Submission'];
type Submitted = Schemas['Submitted'];

export interface WaitOptions {
  /** Ten minutes where nothing is said. */
  readonly timeoutMs?: number;
  readonly onProgress?: (submission: Submission) => void;
  readonly signal?: AbortSignal;
}

/** What openapi-fetch answers of any call. */
interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

export interface Client {
  /** Every call of the API, typed; `answered` turns its answers into data or errors. */
  readonly api: WsadClient;
  /** Hands invoices in. Those refused are in the answer, also where all are; everything else that is wrong is thrown. */
  send(nip: string, invoices: HandedIn, options?: SendOptions): Promise<Submitted>;
  /** The submission once all its invoices are cleared, rejected, withdrawn or held. */
  wait(submissionId: string, options?: WaitOptions): Promise<Submission>;
  /** The data of a call: `await client.answered(client.api.GET('/v1/held'))`. */
  answered<Data>(call: Promise<Answer<Data>>): Promise<Data>;
}

const WAIT_MS_MAX = 600_000;
const BROKEN_PAUSE_MS = 1_000;

export function createClient({
  url,
  key,
  ...retry
}: { readonly url: string; readonly key: string } & RetryOptions): Client {
  const api = createWsadClient({ baseUrl: url.replace(/\/+$/, ''), key, fetch: retryingFetch(retry) });
  return {
    api,
    answered,
    send: (nip, invoices, options = {}) => send(api, nip, invoices, options),
    wait: (submissionId, options = {}) => wait(api, submissionId, options),
  };
}

async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as Data;
}

function problemOf({ status }: Response, error: unknown): WsadProblem {
  const isBody = typeof error === 'object' && error !== null;
  return new WsadProblem(status, isBody ? error : { detail: String(error || `HTTP ${status}`) });
}

async function send(
  api: WsadClient,
  nip: string,
  invoices: HandedIn,
  options: SendOptions,
): Promise<Submitted> {
  const { body, contentType } = sendBody(invoices);
  const { data, error, response } = await api.POST('/v1/sellers/{nip}/invoices', {
    params: { path: { nip }, query: sendQuery(options) },
    headers: {
      'idempotency-key': options.idempotencyKey ?? crypto.randomUUID(),
      ...(contentType === null ? {} : { 'content-type': contentType }),
    },
    // The body is the whole of it already: its type in the description is for readers.
    body: body as never,
    bodySerializer: (whole: unknown) => whole,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (data !== undefined) return data;
  return allRefused(error) ?? Promise.reject(problemOf(response, error));
}

/** All refused is an answer like any other: each invoice carries its reasons. */
function allRefused(error: unknown): Submitted | null {
  const { submissionId, accepted, refused, invoices } = (error ?? {}) as Partial<Schemas['AllRefused']>;
  if (typeof submissionId !== 'string' || invoices === undefined) return null;
  return { submissionId, accepted: accepted ?? 0, refused: refused ?? invoices.length, invoices };
}

/** Follows the events, and begins anew where the line breaks, until the end or the end of patience. */
async function wait(api: WsadClient, id: string, options: WaitOptions): Promise<Submission> {
  const patience = AbortSignal.timeout(options.timeoutMs ?? WAIT_MS_MAX);
  const signal = options.signal === undefined ? patience : AbortSignal.any([patience, options.signal]);
  let last: Submission | null = null;
  for (;;) {
    try {
      for await (const submission of await followed(api, id, signal)) {
        last = submission;
        options.onProgress?.(submission);
        if (submission.done) return submission;
      }
      await pause(BROKEN_PAUSE_MS, signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (patience.aborted) throw new StillUnderWay(id, last, error);
      if (error instanceof WsadProblem || error instanceof WsadUnreachable) throw error;
      await pause(BROKEN_PAUSE_MS, signal).catch(() => {});
    }
  }
}

async function followed(
  api: WsadClient,
  id: string,
  signal: AbortSignal,
): Promise<AsyncGenerator<Submission>> {
  const { data, error, response } = await api.GET('/v1/submissions/{id}/events', {
    params: { path: { id } },
    parseAs: 'stream',
    signal,
  });
  if (!response.ok || data === undefined || data === null) throw problemOf(response, error);
  return progressOf(data as ReadableStream<Uint8Array<ArrayBuffer>>);
}
