/** What leaves for a collector, and what does not. The collector is a real one: it takes whatever is posted. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LimitReached } from '@wsad/domain';
import { repoRoot, startReceiver } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observe, serve, startTracing, type Tracing, traceParent } from '../src/index.ts';

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const errors: Error[] = [];
let answer = 200;
let collector: Receiver;
let tracing: Tracing;

beforeAll(async () => {
  collector = await startReceiver((response) => response.writeHead(answer).end());
  const url = `http://127.0.0.1:${collector.port}/v1/traces`;
  tracing = await startTracing({
    url,
    service: 'wsad-test',
    share: 1,
    onError: (error) => errors.push(error),
  });
});
afterAll(() => collector.close());

const told = async (): Promise<string> => {
  await tracing.close();
  return collector.received.map(({ body }) => body).join('');
};

it('names an error without its words, and hides secrets in names as logs do', async () => {
  const token = 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl';
  const failing = observe({ name: 'login', facts: { reference: `Bearer ${token}` } }, async () => {
    throw new TypeError(`GET https://storage.example/part?sig=secret-of-the-address failed with ${token}`);
  });
  await expect(failing).rejects.toThrow('secret-of-the-address');
  const text = await told();
  expect(text).toMatch(/error\.type\W+TypeError/);
  for (const secret of ['storage.example', 'secret-of-the-address', token])
    expect(text).not.toContain(secret);
});

it('tells an answer of KSeF that is none as an error, with the attempt that it belongs to', async () => {
  const before = (await told()).length;
  const url = new URL('https://storage.example/part?sig=secret');
  const call = { operation: 'uploadPart', method: 'PUT', template: '{uploadPart}', url };
  await observe({ name: 'part.upload', facts: { attempt: 2 } }, () =>
    observe({ name: 'ksef.call', call }, async (tell) => tell({ status: 503 })),
  );
  const text = (await told()).slice(before);
  expect(text).toMatch(/PUT \{uploadPart\}.*wsad\.attempt.*http\.response\.status_code.*error\.type\W+503/s);
  expect(text).not.toContain('sig=');
});

it('tells of work that is put off until when, and counts it as no error', async () => {
  const before = (await told()).length;
  const full = new LimitReached(new Date('2026-11-26T12:00:00Z'), 'batchSession');
  await expect(observe({ name: 'session.open' }, () => Promise.reject(full))).rejects.toBe(full);
  const text = (await told()).slice(before);
  expect(text).toMatch(/wsad\.put_off_until\W+2026-11-26T12:00:00\.000Z/);
  expect(text).not.toContain('error.type');
});

it('hands on the trace that a caller began, and begins one where the caller names none that is one', async () => {
  const call = { method: 'GET', route: '/v1/invoices/:id', scheme: 'http', requestId: 'r' };
  const traceOf = (headers: Record<string, string>): string | undefined => {
    const serving = serve({ ...call, headers });
    const inner = serving.run(() => traceParent());
    serving.answered(200);
    return inner?.split('-')[1];
  };
  const given = '0123456789abcdef0123456789abcdef';
  expect(traceOf({ traceparent: `00-${given}-00f067aa0ba902b7-01` })).toBe(given);
  for (const headers of [{}, { traceparent: 'nonsense' }, { traceparent: `00-${'0'.repeat(32)}-0-01` }])
    expect(traceOf(headers)).toMatch(/^[0-9a-f]{32}$/);
});

it('tells once of a collector that takes nothing, and what was at work goes on', async () => {
  answer = 400;
  for (const _time of [1, 2])
    await observe({ name: 'login' }, async () => undefined).then(() => tracing.close());
  expect(errors).toHaveLength(1);
  answer = 200;
});

it('is off where no address is given: nothing of the SDK is even loaded', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { observe, startTracing, traceParent } = await import('@wsad/telemetry');
    await startTracing({ url: null, service: 'wsad', share: 1, onError: () => undefined });
    const seen = await observe({ name: 'login' }, async () => traceParent());
    const packages = new Set(loaded.flatMap((url) => /node_modules\\/(@opentelemetry\\/[^/]+|bullmq-otel)\\/(?!.*node_modules)/.exec(url)?.[1] ?? []));
    console.log(JSON.stringify({ seen, packages: [...packages] }));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(repoRoot, 'packages/wiring'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ seen: null, packages: ['@opentelemetry/api'] });
});
