import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ANSWER_SHAPES,
  EXCEPTION_CODES,
  type FaultTreatment,
  INVOICE_STATUSES,
  KSEF_OPERATIONS,
  type KsefOperation,
  LOGIN_STATUSES,
  SESSION_STATUSES,
} from '@wsad/domain';
import { describeWithOfficialFiles, seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ACCESS_TOKEN,
  BATCH_REQUEST,
  happyKsef,
  INVOICE,
  KSEF_NUMBER,
  ONLINE,
  SESSION,
} from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { exceptionReply, faultOf, NIP, startWorld, type World } from './support/world.ts';

seeded();

/** The calls of a session and its results, made through the real client. */
const CALLS: Partial<Record<KsefOperation, (client: World['client']) => Promise<unknown>>> = {
  openBatch: (client) => client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST),
  closeBatch: (client) => client.closeBatch(NIP, ACCESS_TOKEN, SESSION),
  openOnline: (client) => client.openOnline(NIP, ACCESS_TOKEN, BATCH_REQUEST),
  sendInvoice: (client) => client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE),
  closeOnline: (client) => client.closeOnline(NIP, ACCESS_TOKEN, ONLINE),
  sessionStatus: (client) => client.sessionStatus(NIP, ACCESS_TOKEN, SESSION),
  invoiceUpo: (client) => client.invoiceUpo(NIP, ACCESS_TOKEN, SESSION, KSEF_NUMBER),
  invoiceByNumber: (client) => client.downloadInvoice(NIP, ACCESS_TOKEN, KSEF_NUMBER),
};

/** A KSeF that gives its keys and answers anything else with `reply`. */
async function answering(reply: () => Reply): Promise<World['client']> {
  const keys = happyKsef()['GET /security/public-key-certificates'];
  if (keys === undefined || Array.isArray(keys) || typeof keys === 'function') throw new Error('no keys');
  const { client } = await startWorld((seen) =>
    seen.path.endsWith('/public-key-certificates') ? keys : reply(),
  );
  return client;
}

const problem = (code: number): Reply => ({
  status: 400,
  headers: { 'content-type': 'application/problem+json' },
  json: { title: 'Bad Request', status: 400, detail: 'Opis', errors: [{ code, description: 'Opis' }] },
});

describe('through the client', () => {
  const forms = [
    ['as an exception', (code: number) => exceptionReply(code)],
    ['as problem+json', problem],
  ] as const;

  it.each(forms)('each exception code is treated as catalogued, %s', async (_, replyOf) => {
    let code = 0;
    const client = await answering(() => replyOf(code));
    const seen: unknown[] = [];
    const ours: unknown[] = [];
    for (const [known, { wsad, on }] of Object.entries(EXCEPTION_CODES)) {
      code = Number(known);
      for (const [operation, call] of Object.entries(CALLS)) {
        const { treatment, fault } = await faultOf(call(client));
        seen.push([operation, fault.code, treatment]);
        ours.push([operation, code, on?.[operation] ?? wsad]);
      }
    }
    expect(seen).toEqual(ours);
  });

  it('an unknown code is treated as its status', async () => {
    let reply: Reply = {};
    const client = await answering(() => reply);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 99_999 }),
        fc.constantFrom(...forms),
        async (code, [, of]) => {
          fc.pre(!(code in EXCEPTION_CODES));
          reply = of(code);
          const { treatment, fault } = await faultOf(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE));
          expect([treatment, fault.code]).toEqual(['stop', code]);
        },
      ),
    );
  });

  const html = (status: number): Reply => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: '<html>x</html>',
  });
  const worded = (status: number, over: Record<string, unknown> = {}): Reply => ({
    status,
    json: { title: 'No', status, ...over },
  });
  const shapes: [keyof typeof ANSWER_SHAPES, string, Reply][] = [
    ['unanswered', 'no answer at all', { mishap: 'silence' }],
    ['unanswered', 'a connection cut before the answer', { mishap: 'cut' }],
    ['unreadable', 'a page with 200', html(200)],
    ['unreadable', 'JSON cut off', { body: '{"referenceNumber":"2026' }],
    ['unreadable', 'JSON without what is needed', { json: {} }],
    ['redirected', 'a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }],
    ['notLoggedIn', '401', worded(401)],
    ['notLoggedIn', '401 as a page', html(401)],
    ['forbidden', '403', worded(403, { reasonCode: 'missing-permissions' })],
    ['forbiddenBySecurity', '403 by the guard', worded(403, { reasonCode: 'security-service-blocked' })],
    ['page', '403 as a page', html(403)],
    ['page', '404 as a page', html(404)],
    ['requestTimeout', '408', html(408)],
    ['tooLarge', '413 as a page', html(413)],
    ['tooLarge', '413 of KSeF', worded(413)],
    ['tooEarly', '425', worded(425)],
    ['tooMany', '429', worded(429)],
    ['refused', '400', worded(400)],
    ['serverError', '500', worded(500)],
    ['serverError', '503 as a page', html(503)],
    ['serverError', '502 with a code', exceptionReply(21405, 'Opis', [], 502)],
  ];

  it.each(shapes)('%s: %s', async (shape, _, reply) => {
    const row: { wsad: FaultTreatment; unrepeatable?: FaultTreatment } = ANSWER_SHAPES[shape];
    const { client } = await startWorld(
      { [`POST /sessions/online/${ONLINE}/invoices`]: reply, [`GET /sessions/${SESSION}`]: reply },
      { timeouts: { headersMs: 300 } },
    );
    const once = await faultOf(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE));
    const often = await faultOf(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION));
    expect(once.treatment).toBe(row.unrepeatable ?? row.wsad);
    expect(once.fault.mayHaveWorked).toBe(row.unrepeatable !== undefined);
    expect(often.treatment).toBe(row.wsad);
  });

  it('neverLeft: a connection refused', async () => {
    const { client, server } = await startWorld({});
    await server.stop();
    server.stop = async () => {};
    const { treatment, fault } = await faultOf(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE));
    expect([treatment, fault.mayHaveWorked]).toEqual([ANSWER_SHAPES.neverLeft.wsad, false]);
  });

  it('has seen every shape', () => {
    const seen = new Set<string>([...shapes.map(([shape]) => shape), 'neverLeft']);
    expect([...seen].sort()).toEqual(Object.keys(ANSWER_SHAPES).sort());
  });
});

const described = z.looseObject({ description: z.string().optional() });
const specification = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), described) })),
  ),
  components: z.looseObject({
    schemas: z.record(z.string(), z.looseObject({ properties: z.record(z.string(), described).optional() })),
  }),
});

describeWithOfficialFiles('the official specification', ({ root }) => {
  const { paths, components } = specification.parse(
    JSON.parse(readFileSync(join(root, 'open-api-2.7.0.json'), 'utf8')),
  );
  /** First column of the tables in a description. */
  const codesIn = (text: string): string[] =>
    [...text.matchAll(/^\s*\|\s*(\d{3,5})\s*\|/gm)].map(([, code]) => code ?? '');

  it.each(Object.values(KSEF_OPERATIONS).map(({ endpoint }) => endpoint))(
    '%s: its exception codes are catalogued',
    (endpoint) => {
      const [method = '', path = ''] = endpoint.split(' ');
      const responses = paths[path]?.[method.toLowerCase()]?.responses ?? {};
      expect(Object.keys(responses)).not.toEqual([]);
      const refusals = Object.entries(responses).filter(([status]) => status.startsWith('4'));
      const codes = refusals.flatMap(([, { description = '' }]) => codesIn(description));
      expect(codes.filter((code) => !(code in EXCEPTION_CODES))).toEqual([]);
    },
  );

  it.each([
    ['SessionStatusResponse', SESSION_STATUSES],
    ['SessionInvoiceStatusResponse', INVOICE_STATUSES],
    ['AuthenticationOperationStatusResponse', LOGIN_STATUSES],
  ])('%s: its statuses are those of the catalogue', (schema, catalogue) => {
    const text = components.schemas[schema]?.properties?.status?.description ?? '';
    expect([...new Set(codesIn(text))].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it('names codes at all', () => {
    const all = JSON.stringify(paths).match(/\| 21405 \|/g) ?? [];
    expect(all.length).toBeGreaterThan(10);
  });
});
