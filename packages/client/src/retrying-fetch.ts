/** A fetch that repeats what may be repeated, when nobody answered or the answer was "not now". */
import { WsadUnreachable } from './errors.ts';
import { pause as realPause } from './pause.ts';

export interface RetryOptions {
  /** No new attempt is begun once so long has passed. */
  readonly retryForMs?: number;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const NOT_NOW = [429, 503];
/** To a call with a key: the first call with it is still being answered. */
const IN_USE = 409;
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const FIRST_PAUSE_MS = 500;
const PAUSE_MS_MAX = 10_000;

/** Without Retry-After, each pause is twice the last. What HTTP does not let repeat goes once, unless it has a key. */
export function retryingFetch(options: RetryOptions = {}): (request: Request) => Promise<Response> {
  const { retryForMs = 60_000, fetch = (request) => globalThis.fetch(request), pause = realPause } = options;
  return async (request) => {
    if (!mayBeRepeated(request)) return await fetched(fetch, request);
    const notNow = isKeyed(request) ? [...NOT_NOW, IN_USE] : NOT_NOW;
    let spentMs = 0;
    for (let backoffMs = FIRST_PAUSE_MS; ; backoffMs = Math.min(backoffMs * 2, PAUSE_MS_MAX)) {
      const answer = await fetched(fetch, request.clone()).catch((error: unknown) => error);
      const pauseMs = pauseBeforeNext(answer, notNow, backoffMs);
      if (pauseMs === null || spentMs + pauseMs > retryForMs) return answered(answer);
      await discard(answer);
      await pause(pauseMs, request.signal);
      spentMs += pauseMs;
    }
  };
}

function mayBeRepeated(request: Request): boolean {
  return REPEATABLE.has(request.method) || isKeyed(request);
}

function isKeyed({ headers }: Request): boolean {
  return headers.has('idempotency-key');
}

async function fetched(fetch: (request: Request) => Promise<Response>, request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new WsadUnreachable(new URL(request.url).origin, error);
  }
}

/** Null: this is the answer. */
function pauseBeforeNext(answer: unknown, notNow: readonly number[], backoffMs: number): number | null {
  if (answer instanceof WsadUnreachable) return backoffMs;
  if (!(answer instanceof Response) || !notNow.includes(answer.status)) return null;
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : backoffMs;
}

function answered(answer: unknown): Response {
  if (answer instanceof Response) return answer;
  throw answer;
}

async function discard(answer: unknown): Promise<void> {
  if (answer instanceof Response) await answer.body?.cancel();
}
