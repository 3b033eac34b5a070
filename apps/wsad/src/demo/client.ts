/** The demo is a user like any other: it speaks to wsad over HTTP with an API key. */
import { z } from 'zod';

const submissionAnswer = z.object({
  submissionId: z.string(),
  accepted: z.number(),
  refused: z.number(),
  invoices: z.array(z.object({ id: z.string().nullable() })),
});
const invoiceState = z.object({ state: z.string() });
const submissionState = z.object({
  total: z.number(),
  byState: z.record(z.string(), z.number()),
  done: z.boolean(),
});
const invoicePage = z.object({
  items: z.array(
    z.object({ state: z.string(), ksefNumber: z.string().nullable(), upoAvailable: z.boolean() }),
  ),
  nextCursor: z.string().nullable(),
});
const sellerStatus = z.object({ ready: z.boolean(), reason: z.string().nullable() });

export type SubmissionState = z.infer<typeof submissionState>;

export type SubmitAnswer = z.infer<typeof submissionAnswer>;

export interface DemoClient {
  putToken(nip: string, token: string): Promise<void>;
  sellerReady(nip: string): Promise<{ ready: boolean; reason: string | null }>;
  submit(nip: string, xmls: readonly string[]): Promise<SubmitAnswer>;
  /** A flat ZIP of XML files. */
  submitArchive(nip: string, archive: Buffer): Promise<SubmitAnswer>;
  submission(id: string): Promise<SubmissionState>;
  invoiceState(id: string): Promise<string>;
  /** Every invoice of the seller, page by page. */
  invoices(nip: string): AsyncIterable<{ state: string; ksefNumber: string | null; upoAvailable: boolean }>;
}

export function createDemoClient(baseUrl: string, apiKey: string): DemoClient {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const archive = Buffer.isBuffer(body);
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': archive ? 'application/zip' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: archive ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    async putToken(nip, token) {
      await call('PUT', `/v1/sellers/${nip}/credentials`, { type: 'ksefToken', token });
    },
    async sellerReady(nip) {
      return sellerStatus.parse(await call('GET', `/v1/sellers/${nip}/status`));
    },
    async submit(nip, xmls) {
      const invoices = xmls.map((xml) => ({ xml }));
      return submissionAnswer.parse(await call('POST', `/v1/sellers/${nip}/invoices`, { invoices }));
    },
    async submitArchive(nip, archive) {
      return submissionAnswer.parse(await call('POST', `/v1/sellers/${nip}/invoices`, archive));
    },
    async submission(id) {
      return submissionState.parse(await call('GET', `/v1/submissions/${id}`));
    },
    async invoiceState(id) {
      return invoiceState.parse(await call('GET', `/v1/invoices/${id}`)).state;
    },
    async *invoices(nip) {
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = invoicePage.parse(await call('GET', `/v1/invoices?nip=${nip}&limit=500${query}`));
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== null);
    },
  };
}
