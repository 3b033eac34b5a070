import { PROBLEMS } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './support/test-api.ts';

interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; headers?: object; content?: Record<string, unknown> }>;
}

let api: TestApi;
let paths: Record<string, Record<string, Operation>>;
let text: string;
let components: { schemas: Record<string, unknown>; securitySchemes: object };
beforeAll(async () => {
  api = await startTestApi();
  const answer = await api.call('GET', '/openapi.json', { key: null });
  ({ paths, components } = answer.json);
  text = answer.text;
  expect(answer.json.openapi).toBe('3.1.0');
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('has every call of the API', () => {
    const calls = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(calls.sort()).toEqual(
      [
        'DELETE /v1/keys/{id}',
        'DELETE /v1/sellers/{nip}/offline-certificate',
        'DELETE /v1/sellers/{nip}/auth-sessions/{reference}',
        'GET /v1/sellers/{nip}/auth-sessions',
        'POST /v1/sellers/{nip}/login',
        'GET /healthz',
        'GET /metrics',
        'GET /readyz',
        'GET /v1/availability',
        'GET /v1/invoices',
        'GET /v1/invoices/{id}',
        'GET /v1/invoices/{id}/confirmation',
        'GET /v1/invoices/{id}/qr',
        'GET /v1/invoices/{id}/upo',
        'GET /v1/invoices/{id}/xml',
        'GET /v1/keys',
        'GET /v1/sellers',
        'GET /v1/sellers/{nip}/offline-certificate',
        'GET /v1/sellers/{nip}/status',
        'GET /v1/sessions',
        'GET /v1/sessions/{id}',
        'GET /v1/submissions/{id}',
        'GET /v1/submissions/{id}/events',
        'GET /v1/submissions/{id}/report.csv',
        'GET /v1/held',
        'POST /v1/invoices/retry',
        'POST /v1/invoices/withdraw',
        'GET /v1/submissions/{id}/report.xlsx',
        'GET /v1/submissions',
        'GET /v1/overview',
        'GET /v1/overview/events',
        'DELETE /v1/session',
        'GET /v1/session',
        'POST /v1/session',
        'POST /v1/availability',
        'POST /v1/invoices/{id}/resolve',
        'POST /v1/invoices/{id}/retry',
        'POST /v1/invoices/{id}/withdraw',
        'POST /v1/keys',
        'POST /v1/pause',
        'POST /v1/resume',
        'POST /v1/sellers/{nip}/invoices',
        'POST /v1/sellers/{nip}/pause',
        'POST /v1/sellers/{nip}/resume',
        'PUT /v1/credentials/{name}',
        'PUT /v1/sellers/{nip}/credentials',
        'PUT /v1/sellers/{nip}/offline-certificate',
        'DELETE /v1/webhooks/{id}',
        'GET /v1/webhooks',
        'GET /v1/webhooks/{id}',
        'GET /v1/webhooks/{id}/deliveries',
        'PATCH /v1/webhooks/{id}',
        'POST /v1/webhooks',
        'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver',
        'POST /v1/webhooks/{id}/rotate',
        'POST /v1/webhooks/{id}/test',
      ].sort(),
    );
  });

  it('gives each a name of its own, a summary, its parameters, and answers for good and ill', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations()) {
      expect(operation.summary).toMatch(/./);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named).toEqual(inPath);
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
      if (!path.startsWith('/v1')) continue;
      for (const status of ['401', '403', '503'])
        expect(operation.responses[status]?.content).toHaveProperty(['application/problem+json']);
    }
  });

  it('describes all bodies of a submission and its answers', () => {
    const operation = paths['/v1/sellers/{nip}/invoices']?.post;
    expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual(
      expect.arrayContaining([
        'application/xml',
        'application/json',
        'application/zip',
        'multipart/form-data',
      ]),
    );
    expect(operation?.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      properties: { invoices: { type: 'array', items: { required: ['xml'] } } },
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(['202', '400', '409', '413', '415', '422']),
    );
    const parameters = (operation?.parameters ?? []).map((one) => `${one.in} ${one.name}`);
    expect(parameters).toEqual(
      expect.arrayContaining(['query offline', 'query urgent', 'query onBehalf', 'header idempotency-key']),
    );
  });

  it('says that every call may bring an id of its own, and that every answer has one', () => {
    const RequestId = { schema: { type: 'string' } };
    expect(components).toMatchObject({
      parameters: { RequestId: { ...RequestId, name: 'x-request-id', in: 'header', required: false } },
      headers: { RequestId },
    });
    for (const { operation } of operations()) {
      expect(operation.parameters).toContainEqual({ $ref: '#/components/parameters/RequestId' });
      for (const { headers } of Object.values(operation.responses))
        expect(headers).toEqual({ 'x-request-id': { $ref: '#/components/headers/RequestId' } });
    }
  });

  it('refers to nothing that is not there', () => {
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(components.schemas).toHaveProperty([name!]);
    expect(text).not.toContain('$schema');
    expect(components.securitySchemes).toHaveProperty('apiKey');
  });

  it('opens only what is open', () => {
    const open = operations().filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path).sort()).toEqual(['/healthz', '/metrics', '/readyz', '/v1/session']);
  });
});

describe('pages', () => {
  it('shows the API without another server', async () => {
    const docs = await api.call('GET', '/docs/', { key: null });
    expect(docs.status).toBe(200);
    for (const [, address] of docs.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(address).not.toMatch(/^(https?:)?\/\//);
      const file = await api.call('GET', new URL(address!, `${api.url}/docs/`).pathname, { key: null });
      expect(file.status).toBe(200);
    }
    expect(docs.headers.get('content-security-policy')).not.toMatch(/https:|upgrade-insecure/);
    expect((await api.call('GET', '/docs', { key: null })).status).toBeLessThan(400);
  });

  it('explains every problem code where its type points', async () => {
    const { text: page } = await api.call('GET', '/docs/errors', { key: null });
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`id="${code}"`);
  });

  it('has a page at the root that runs nothing but its own files', async () => {
    const page = await api.call('GET', '/', { key: null });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<script(?![^>]*src=)|\son\w+=|\sstyle=/);
    for (const [, address] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      if (address === '/admin/queues') continue;
      expect((await api.call('GET', address!, { key: null })).status).toBeLessThan(400);
    }
  });

  it('tells metrics in Prometheus format', async () => {
    const { status, text: page, headers } = await api.call('GET', '/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(page).toContain('# TYPE wsad_submissions_total counter');
  });
});
