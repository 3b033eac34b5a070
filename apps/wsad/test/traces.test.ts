/** Traces and logs of the processes that ship, as a collector and a reader of logs get them. */
import { describeWithRedis, testRedis } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, type SeenSpan, startCollector } from './support/collector.ts';
import { installation, sellerOf, todays } from './support/processes.ts';

const CALLS = {
  'order-1': { traceId: '1'.repeat(32), spanId: 'a'.repeat(16) },
  'order-2': { traceId: '2'.repeat(32), spanId: 'b'.repeat(16) },
} as const;
const REQUESTS = ['order-1', 'order-2'] as const;
const COLLECTOR_KEY = 'Bearer key-of-the-collector';

type Line = Readonly<Record<string, unknown>>;

interface Story {
  readonly spans: readonly SeenSpan[];
  readonly collector: Collector;
  readonly lines: { readonly api: Line[]; readonly worker: Line[]; readonly poller: Line[] };
  /** How often the emulator was called, by method and path. */
  readonly calls: Readonly<Record<string, number>>;
  readonly nip: string;
  readonly sessionId: string;
  readonly secrets: readonly string[];
}

/** Two calls of one seller, whose invoices then go in one session; and everything that was told of it. */
async function tell(queueUrl: string, atEnd: (work: () => Promise<unknown>) => void): Promise<Story> {
  const collector = await startCollector();
  atEnd(() => collector.close());
  const site = await installation({ queueUrl, atEnd });
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(COLLECTOR_KEY)}`,
    WSAD_LOG_LEVEL: 'debug',
    // As it ships: nothing of it shows in the traces.
    WSAD_PRACTICE: 'on',
  };
  const api = await site.startApi({ env });
  const [worker, poller] = await Promise.all([site.start('worker', { env }), site.start('poller', { env })]);
  const nip = await sellerOf(api.client);
  await api.client.sending('pause', nip);
  const submissions = [];
  for (const requestId of REQUESTS) {
    const { traceId, spanId } = CALLS[requestId];
    const response = await fetch(`${api.url}/v1/sellers/${nip}/invoices`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.adminToken}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
        traceparent: `00-${traceId}-${spanId}-01`,
      },
      body: JSON.stringify({ invoices: todays(nip, 4, requestId) }),
    });
    expect([response.status, response.headers.get('x-request-id')]).toEqual([202, requestId]);
    submissions.push(((await response.json()) as { submissionId: string }).submissionId);
  }
  await api.client.sending('resume', nip);
  for (const id of submissions) expect((await api.client.atRest(id)).byState).toEqual({ cleared: 4 });
  const [session] = await api.client.sessions(nip);
  const processes = [api, worker, poller];
  for (const one of processes) one.signal('SIGTERM');
  expect((await Promise.all(processes.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0, 0]);
  return {
    collector,
    spans: collector.spans,
    lines: { api: linesOf(api), worker: linesOf(worker), poller: linesOf(poller) },
    calls: site.emulator.control.calls(),
    nip,
    sessionId: session?.id ?? '',
    secrets: [api.adminToken, `token of ${nip}`, 'eyJ', ...REQUESTS.map((id) => `${id}/1`)],
  };
}

function linesOf({ output }: { output: () => string }): Line[] {
  return output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Line => JSON.parse(line));
}

function suite(queue: () => Promise<string>): void {
  let story: Story;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    story = await tell(await queue(), (work) => void closing.push(work));
  }, 120_000);
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  const named = (name: string): [SeenSpan, ...SeenSpan[]] => {
    const [first, ...others] = story.spans.filter((span) => span.name === name);
    if (first === undefined) throw new Error(`no span is ${name}`);
    return [first, ...others];
  };
  const above = (span: SeenSpan): SeenSpan[] => {
    const parent = story.spans.find(({ spanId }) => spanId === span.parentId);
    return parent === undefined ? [] : [parent, ...above(parent)];
  };
  const namesAbove = (name: string): string[] => above(named(name)[0]).map((span) => span.name);

  it('goes on with the trace of whoever calls the API, to the ring in the queue', () => {
    for (const requestId of REQUESTS) {
      const { traceId, spanId } = CALLS[requestId];
      const trace = story.spans.filter((span) => span.traceId === traceId);
      const [served] = trace.filter(({ kind }) => kind === 'server');
      expect(served).toMatchObject({
        service: 'wsad-api',
        name: 'POST /v1/sellers/:nip/invoices',
        parentId: spanId,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/v1/sellers/:nip/invoices',
          'http.response.status_code': 202,
          'wsad.request.id': requestId,
        },
      });
      for (const name of ['submission.check', 'submission.accept', 'add dispatch.ring'])
        expect(trace.find((span) => span.name === name)?.parentId).toBe(served?.spanId);
    }
  });

  it('points from the session to every call that its invoices came by', () => {
    const served = REQUESTS.map((requestId) =>
      story.spans.find(({ traceId, kind }) => kind === 'server' && traceId === CALLS[requestId].traceId),
    ).map((span) => ({ traceId: span?.traceId, spanId: span?.spanId }));
    for (const span of [...named('session.claim'), ...named('session.send')])
      expect(span).toMatchObject({
        service: 'wsad-worker',
        links: served,
        attributes: {
          'wsad.seller.nip': story.nip,
          'wsad.session.id': story.sessionId,
          'wsad.request.ids': [...REQUESTS],
          'wsad.invoices': 8,
        },
      });
    for (const look of named('session.follow'))
      expect(look).toMatchObject({ service: 'wsad-poller', links: served });
  });

  it('leads from whoever rang first through the queue to the end of the session', () => {
    const toSending = ['process send', 'add send.ring', 'session.claim', 'lane.dispatch', 'process dispatch'];
    expect(namesAbove('session.send').slice(0, 6)).toEqual([...toSending, 'add dispatch.ring']);
    for (const step of ['session.package', 'session.open', 'part.upload', 'session.close'])
      expect(namesAbove(step)[0]).toBe('session.send');
    for (const step of ['session.look', 'session.settle'])
      expect(namesAbove(step).slice(0, 3)).toEqual(['session.follow', 'process follow', 'add follow.ring']);
    expect(namesAbove('login')).toContain('process login');
  });

  it('has a client span for each call of KSeF, under the session or the login that made it', () => {
    const told: Record<string, number> = {};
    const clients = story.spans.filter(({ kind }) => kind === 'client');
    for (const { name } of clients) told[name] = (told[name] ?? 0) + 1;
    const { 'PUT {uploadPart}': parts, 'GET {downloadUpo}': receipts, ...calls } = told;
    const paths = Object.entries(story.calls).filter(([path]) => !path.includes('/storage'));
    expect(calls).toEqual(
      Object.fromEntries(paths.filter(([path]) => path in calls || !path.startsWith('PUT'))),
    );
    expect([parts, receipts]).toEqual([1, 1]);
    for (const span of clients) {
      expect(span.attributes).toMatchObject({
        'server.address': '127.0.0.1',
        'http.response.status_code': expect.any(Number),
        'url.template': span.name.split(' ')[1],
      });
      expect(span.failed).toBe(false);
    }
    const [upload] = named('PUT {uploadPart}');
    expect(upload.attributes).toMatchObject({ 'wsad.attempt': 1, 'wsad.ksef.operation': 'uploadPart' });
    const [opening] = named('POST /sessions/batch');
    expect(opening.attributes['wsad.limit_wait_ms']).toBeTypeOf('number');
    for (const [call, work] of [
      ['PUT {uploadPart}', 'part.upload'],
      ['POST /sessions/batch', 'session.open'],
      ['POST /sessions/batch/{referenceNumber}/close', 'session.close'],
      ['GET /sessions/{referenceNumber}', 'session.look'],
      ['GET {downloadUpo}', 'session.settle'],
      ['POST /auth/challenge', 'login'],
    ] as const)
      expect(namesAbove(call)[0]).toBe(work);
  });

  it('tells nothing secret, nothing of an invoice and no address as it was', () => {
    const bytes = story.collector.bytes();
    for (const secret of story.secrets) expect(bytes.includes(secret), secret).toBe(false);
    for (const { name, attributes } of story.spans) {
      expect(name).not.toContain(story.nip);
      expect(Object.keys(attributes)).not.toContain('url.full');
      expect(Object.keys(attributes)).not.toContain('url.path');
    }
    for (const headers of story.collector.headers) expect(headers.authorization).toBe(COLLECTOR_KEY);
  });

  it('is told in logs under the same ids: of the request, the session, the seller and the trace', () => {
    const { sessionId, nip } = story;
    for (const requestId of REQUESTS) {
      const accepted = story.lines.api.find(
        (line) => line.requestId === requestId && line.event === 'submission.accepted',
      );
      expect(accepted).toMatchObject({ nip, traceId: CALLS[requestId].traceId });
    }
    const about = { sessionId, nip, requestId: [...REQUESTS], traceId: expect.any(String) };
    const saying = (lines: readonly Line[], event: string) => lines.filter((line) => line.event === event);
    for (const event of ['session.claimed', 'session.packaged', 'session.opened', 'session.closed'])
      expect(saying(story.lines.worker, event)).toEqual([
        expect.objectContaining({ ...about, traceId: named('session.send')[0].traceId }),
      ]);
    expect(saying(story.lines.poller, 'session.settled')).toEqual([
      expect.objectContaining({ ...about, traceId: named('session.settle')[0].traceId }),
    ]);
    const called = saying([...story.lines.worker, ...story.lines.poller], 'ksef.called').filter(
      (line) => line.sessionId === sessionId,
    );
    for (const line of called) expect(line).toMatchObject(about);
    expect(called.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['openBatch', 'uploadPart', 'closeBatch', 'sessionStatus', 'downloadUpo']),
    );
  });
}

describeWithRedis('what is told of two calls in one session, the queue on Redis', () => {
  suite(async () => (await testRedis()).url);
});

describe('what is told of two calls in one session, the queue on PostgreSQL', () => {
  suite(async () => '');
});
