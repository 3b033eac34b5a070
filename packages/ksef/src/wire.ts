/** One HTTP exchange: bytes out, bytes in, within times and sizes; nothing here knows of KSeF. */
import type { Readable } from 'node:stream';
import { diskFailureOf } from '@wsad/domain';
import { Agent } from 'undici';

export interface Timeouts {
  readonly connectMs: number;
  /** Silence allowed before the answer's headers and between pieces of its body. */
  readonly headersMs: number;
  readonly bodyMs: number;
  /** A whole call of the API; below the time after which an unanswered call is presumed answered. */
  readonly callMs: number;
  /** A whole upload of a part or download of a UPO. */
  readonly transferMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  callMs: 90_000,
  transferMs: 600_000,
};

export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable | undefined;
  readonly answerBytesMax: number;
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** No whole answer came. `sent` is false only where the request surely never left. */
export class Unanswered extends Error {
  readonly sent: boolean;
  /** The status, where at least that came. */
  readonly status: number | null;

  constructor(why: string, sent: boolean, status: number | null) {
    super(why);
    this.name = 'Unanswered';
    this.sent = sent;
    this.status = status;
  }
}

export interface Wire {
  exchange(exchange: Exchange): Promise<Answer>;
  /** Waits for nobody: what is under way ends unanswered, and may have arrived. */
  close(): Promise<void>;
}

/** HTTP/1.1 with kept connections; redirects are answers like any other, never followed. */
export function createWire(timeouts: Timeouts, connections: number): Wire {
  const agent = new Agent({
    allowH2: false,
    connections,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
  });
  return {
    exchange: (exchange) => exchangeOver(agent, exchange),
    close: () => agent.destroy(new Closed()),
  };
}

async function exchangeOver(agent: Agent, exchange: Exchange): Promise<Answer> {
  let status: number | null = null;
  try {
    const answer = await agent.request({
      origin: exchange.url.origin,
      path: exchange.url.pathname + exchange.url.search,
      method: exchange.method,
      headers: exchange.headers,
      body: exchange.body ?? null,
      signal: deadline(exchange),
    });
    status = answer.statusCode;
    const body = await readBody(answer.body, exchange.answerBytesMax);
    return { status, headers: answer.headers, body };
  } catch (error) {
    // What was to be sent could not be read: that is no answer, nor the want of one.
    if (diskFailureOf(error) !== null) throw error;
    throw unanswered(error, status, exchange.signal);
  }
}

function deadline(exchange: Exchange): AbortSignal {
  const total = AbortSignal.timeout(exchange.totalMs);
  return exchange.signal === undefined ? total : AbortSignal.any([total, exchange.signal]);
}

async function readBody(body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream and its connection: an endless answer ends here.
    if (bytes > bytesMax) throw new TooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** Not undici's own error, which also stands for what was never begun. */
class Closed extends Error {
  readonly code = 'CLOSED_BY_WSAD';
}

class TooLarge extends Error {
  constructor(bytesMax: number) {
    super(`the answer is larger than ${bytesMax} bytes`);
  }
}

function unanswered(error: unknown, status: number | null, signal: AbortSignal | undefined): Unanswered {
  if (error instanceof TooLarge) return new Unanswered(error.message, true, status);
  if (signal?.aborted === true) return new Unanswered('given up by wsad itself', true, status);
  const code = codeOf(error);
  return new Unanswered(`no whole answer (${code})`, status !== null || !neverLeft(code), status);
}

/** The code alone: messages of lower layers may quote headers or addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}

const NEVER_LEFT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

function neverLeft(code: string): boolean {
  return NEVER_LEFT.has(code) || /CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO_/.test(code);
}
