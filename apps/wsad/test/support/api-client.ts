/** wsad's API as a user calls it; each answer is read with the fields that the tests look at. */
import { eventually } from '@wsad/testkit';
import { z } from 'zod';

const entryError = z.object({
  code: z.string(),
  message: z.string(),
  line: z.number().nullable(),
  earlier: z.object({ id: z.string(), state: z.string(), ksefNumber: z.string().nullable() }).optional(),
});
const submitted = z.object({
  submissionId: z.string(),
  accepted: z.number(),
  refused: z.number(),
  invoices: z.array(
    z.object({
      id: z.string().nullable(),
      externalId: z.string().nullable(),
      fileName: z.string().nullable(),
      invoiceNumber: z.string().nullable(),
      sha256: z.string(),
      state: z.string(),
      errors: z.array(entryError),
    }),
  ),
});
const submission = z.object({
  id: z.string(),
  total: z.number(),
  byState: z.record(z.string(), z.number()),
  done: z.boolean(),
  sessions: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['batch', 'interactive']),
      reference: z.string().nullable(),
      state: z.string(),
      invoices: z.number(),
    }),
  ),
});
const invoice = z.object({
  id: z.string(),
  externalId: z.string().nullable(),
  nip: z.string(),
  invoiceNumber: z.string(),
  issueDate: z.string(),
  sha256: z.string(),
  state: z.string(),
  ksefNumber: z.string().nullable(),
  invoicingMode: z.string().nullable(),
  correctionOf: z.string().nullable(),
  /** Of a single invoice alone. */
  warnings: z.array(z.object({ code: z.string() })).optional(),
  sessionId: z.string().nullable(),
  sessionReference: z.string().nullable(),
  verificationUrl: z.string().nullable(),
  upoAvailable: z.boolean(),
  error: z
    .object({
      code: z.union([z.number(), z.string()]),
      description: z.string(),
      details: z.array(z.string()),
    })
    .nullable(),
  held: z.object({ cause: z.string(), advice: z.string(), detail: z.string().nullable() }).nullable(),
});
const session = z.object({
  id: z.string(),
  kind: z.enum(['batch', 'interactive']),
  form: z.string(),
  state: z.string(),
  reference: z.string().nullable(),
  counts: z.object({
    invoices: z.number(),
    cleared: z.number(),
    rejected: z.number(),
    held: z.number(),
    again: z.number(),
  }),
});
const sellerStatus = z.object({
  authentication: z.object({ state: z.string(), lastError: z.string().nullable() }),
  ready: z.boolean(),
  reason: z.string().nullable(),
  pending: z.number(),
  held: z.number(),
});
const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export type Submitted = z.infer<typeof submitted>;
export type Submission = z.infer<typeof submission>;
export type Invoice = z.infer<typeof invoice>;
export type Session = z.infer<typeof session>;
export type SellerStatus = z.infer<typeof sellerStatus>;

/** An invoice to hand in; `xml` as text, so that a call is one JSON body. */
export interface Entry {
  readonly xml: string;
  readonly externalId?: string;
  readonly correctionOf?: string;
}

/** A certificate with its key, in PEM or as PKCS#12 in base64. */
export type CertificateBody =
  | { certificatePem: string; privateKeyPem: string; passphrase?: string }
  | { pkcs12: string; passphrase: string };

export type ApiClient = ReturnType<typeof createApiClient>;

/** The usual patience of a test with one submission. */
const PATIENCE_MS = 20_000;

export function createApiClient(baseUrl: string, apiKey: string) {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const authorization = `Bearer ${apiKey}`;
    const headers =
      body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' };
    return await fetch(baseUrl + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
  };
  const good = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await call(method, path, body);
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const json = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
    schema.parse(await (await good('GET', path)).json());
  const all = async <T>(
    schema: z.ZodType<{ items: T[]; nextCursor: string | null }>,
    path: string,
  ): Promise<T[]> => {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: T[]; nextCursor: string | null } = await json(
        schema,
        cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  };
  return {
    ...{ url: baseUrl, key: apiKey },
    call,
    async putToken(nip: string, token = `token of ${nip}`): Promise<void> {
      await good('PUT', `/v1/sellers/${nip}/credentials`, { type: 'ksefToken', token });
    },
    async putCertificate(nip: string, certificate: CertificateBody): Promise<void> {
      await good('PUT', `/v1/sellers/${nip}/credentials`, { type: 'certificate', ...certificate });
    },
    async putSharedToken(name: string, token: string): Promise<void> {
      await good('PUT', `/v1/credentials/${name}`, { type: 'ksefToken', token });
    },
    async useShared(nip: string, name: string): Promise<void> {
      await good('PUT', `/v1/sellers/${nip}/credentials`, { type: 'shared', name });
    },
    /** The answer of 202, or of 422 where every invoice was refused. */
    async submit(nip: string, invoices: readonly Entry[], query = ''): Promise<Submitted> {
      const response = await call('POST', `/v1/sellers/${nip}/invoices${query}`, { invoices });
      if (response.status !== 202 && response.status !== 422)
        throw new Error(`handing in answered ${response.status}: ${await response.text()}`);
      return submitted.parse(await response.json());
    },
    submission: (id: string) => json(submission, `/v1/submissions/${id}`),
    /** The submission once all its invoices are at rest. */
    async atRest(id: string, timeoutMs = PATIENCE_MS): Promise<Submission> {
      let last: Submission | null = null;
      try {
        return await eventually(
          async () => {
            last = await json(submission, `/v1/submissions/${id}`);
            return last.done && last;
          },
          { timeoutMs, intervalMs: 50, what: `the end of submission ${id}` },
        );
      } catch (error) {
        throw new Error(`the submission stands at ${JSON.stringify(last)}`, { cause: error });
      }
    },
    invoice: (id: string) => json(invoice, `/v1/invoices/${id}`),
    /** Every invoice of the seller, in no order in particular. */
    invoices: (nip: string) => all(pageOf(invoice), `/v1/invoices?nip=${nip}&limit=1000`),
    sessions: (nip: string) => all(pageOf(session), `/v1/sessions?nip=${nip}&limit=1000`),
    status: (nip: string) => json(sellerStatus, `/v1/sellers/${nip}/status`),
    async document(
      id: string,
      what: 'upo' | 'xml' | 'upo?scope=invoice',
    ): Promise<{ status: number; bytes: Buffer }> {
      const response = await good('GET', `/v1/invoices/${id}/${what}`);
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    },
    async report(submissionId: string): Promise<string> {
      return await (await good('GET', `/v1/submissions/${submissionId}/report.csv`)).text();
    },
    async metrics(): Promise<string> {
      return await (await good('GET', '/metrics')).text();
    },
    /** `pause` or `resume`, for one seller or for all. */
    async sending(action: 'pause' | 'resume', nip?: string): Promise<void> {
      await good('POST', nip === undefined ? `/v1/${action}` : `/v1/sellers/${nip}/${action}`);
    },
    /** What a person does with a held invoice. */
    async act(id: string, action: 'retry' | 'withdraw' | 'resolve', body?: unknown): Promise<Invoice> {
      return invoice.parse(await (await good('POST', `/v1/invoices/${id}/${action}`, body)).json());
    },
  };
}
