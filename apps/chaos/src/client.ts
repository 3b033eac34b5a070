/** A client of the API as its documents ask for one: it repeats with its Idempotency-Key until it has an answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const submitted = z.object({
  submissionId: z.string().nullish(),
  invoices: z.array(z.object({ id: z.string().nullable(), sha256: z.string(), state: z.string() })),
});
const page = z.object({
  items: z.array(
    z.object({ id: z.string(), sha256: z.string(), state: z.string(), ksefNumber: z.string().nullable() }),
  ),
  nextCursor: z.string().nullable(),
});

export type Submitted = z.infer<typeof submitted>;
export type Told = z.infer<typeof page>['items'][number];

const PATIENCE_MS = 120_000;

export interface Client {
  /** Settles when the API answers at all. */
  ready(): Promise<void>;
  putCredentials(nip: string, credentials: unknown): Promise<void>;
  submit(nip: string, xmls: readonly string[], key: string, offline: boolean): Promise<Submitted>;
  invoices(nip: string): Promise<Told[]>;
  /** Answers that are not as promised: a 5xx other than 503, or a 503 that does not say when to come again. */
  readonly odd: readonly string[];
}

/** For minutes, however often the call was repeated. */
export class NoAnswer extends Error {
  constructor(call: string) {
    super(`${call}: no answer within ${PATIENCE_MS / 1_000} s`);
    this.name = 'NoAnswer';
  }
}

const PAUSE_MS = 250;
const CALL_MS = 20_000;

export function createClient(baseUrl: string, apiKey: string): Client {
  const odd: string[] = [];

  async function once(method: string, path: string, init: RequestInit): Promise<Response | null> {
    try {
      const headers = { authorization: `Bearer ${apiKey}`, ...init.headers };
      const response = await fetch(`${baseUrl}${path}`, {
        ...init,
        method,
        headers,
        signal: AbortSignal.timeout(CALL_MS),
      });
      const text = await response.text();
      const { status } = response;
      const isOdd = status >= 500 && (status !== 503 || response.headers.get('retry-after') === null);
      if (isOdd) odd.push(`${method} ${path.split('?')[0]} answered ${status}: ${text.slice(0, 300)}`);
      return new Response(status === 204 ? null : text, { status });
    } catch {
      return null;
    }
  }

  /** Again after no answer, 503 and 409, until there is another. */
  async function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const response = await once(method, path, init);
      if (response !== null && response.status < 500 && response.status !== 409) return response;
      if (performance.now() > deadline) throw new NoAnswer(`${method} ${path}`);
      await delay(PAUSE_MS);
    }
  }

  return {
    odd,
    async ready() {
      await call('GET', '/readyz');
    },
    async putCredentials(nip, credentials) {
      const response = await call('PUT', `/v1/sellers/${nip}/credentials`, json(credentials));
      if (response.status !== 204)
        throw new Error(`credentials: ${response.status} ${await response.text()}`);
    },
    async submit(nip, xmls, key, offline) {
      const body = json({ invoices: xmls.map((xml) => ({ xml })) }, { 'idempotency-key': key });
      const response = await call('POST', `/v1/sellers/${nip}/invoices?offline=${offline}`, body);
      const text = await response.text();
      if (response.status !== 202 && response.status !== 422)
        throw new Error(`submitting: ${response.status} ${text}`);
      return submitted.parse(JSON.parse(text));
    },
    async invoices(nip) {
      const told: Told[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const response = await call('GET', `/v1/invoices?nip=${nip}&limit=500${at}`);
        const { items, nextCursor } = page.parse(await response.json());
        told.push(...items);
        cursor = nextCursor;
      }
      return told;
    },
  };
}

function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}
