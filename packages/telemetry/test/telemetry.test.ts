import type { WsadEvent } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { createTelemetry } from '../src/index.ts';
import { loggerWithLines } from './lines.ts';

const nip = '5265877635';
const sessionId = 'session-of-nobody-else';

/** One of each; the compiler complains where one is missing. */
const samples: { readonly [Type in WsadEvent['type']]: Extract<WsadEvent, { type: Type }> } = {
  'submission.accepted': {
    type: 'submission.accepted',
    nip,
    submissionId: 'sub-1',
    accepted: 7,
    refused: 2,
    durationMs: 120,
  },
  'session.claimed': { type: 'session.claimed', nip, sessionId, kind: 'batch', invoices: 7 },
  'session.packaged': { type: 'session.packaged', nip, sessionId, bytes: 4_000, parts: 1, durationMs: 90 },
  'session.opened': { type: 'session.opened', nip, sessionId, kind: 'batch', reference: 'ref-1' },
  'session.closed': { type: 'session.closed', nip, sessionId, kind: 'batch', reference: 'ref-1' },
  'session.settled': {
    type: 'session.settled',
    nip,
    sessionId,
    cleared: 5,
    rejected: 1,
    held: 1,
    again: 0,
    durationMs: 1_500,
  },
  'session.failed': { type: 'session.failed', nip, sessionId, code: 405, description: 'hash mismatch' },
  'session.abandoned': { type: 'session.abandoned', nip, sessionId, why: 'addresses ran out' },
  'seller.reconciled': { type: 'seller.reconciled', nip, sessions: 3, registrations: 40, cleared: 38 },
  'login.opened': { type: 'login.opened', nip, method: 'ksefToken', durationMs: 300 },
  'login.refreshed': { type: 'login.refreshed', nip, durationMs: 30 },
  'login.refused': { type: 'login.refused', nip, code: 450, description: 'bad token' },
  'credential.expiring': {
    type: 'credential.expiring',
    nip,
    sharedName: null,
    use: 'login',
    expiresInDays: 20,
  },
  'ksef.called': { type: 'ksef.called', operation: 'openBatch', nip, status: 201, durationMs: 29 },
  'ksef.rateLimited': { type: 'ksef.rateLimited', operation: 'openBatch', nip, retryAfterMs: 60_000 },
  'ksef.unwritten': { type: 'ksef.unwritten', operation: 'openBatch', nip, message: 'connection lost' },
  'ksef.down': { type: 'ksef.down', nip: null, failures: 5 },
  'ksef.up': { type: 'ksef.up', nip: null, downMs: 90_000 },
  'ksef.clock': { type: 'ksef.clock', offsetMs: -1_500, uncertaintyMs: 20 },
  'ksef.warned': { type: 'ksef.warned', operation: 'openBatch', text: '[1]: Przerwa' },
  'latarnia.said': { type: 'latarnia.said', status: 'AVAILABLE', messages: 0 },
  'latarnia.failed': { type: 'latarnia.failed', message: 'answered 502' },
  'deadline.near': {
    type: 'deadline.near',
    nip,
    threshold: '1h',
    deadlineAt: new Date('2026-11-16T23:00:00Z'),
    invoices: 12,
  },
  'invoices.held': { type: 'invoices.held', nip, cause: 'no_credentials', count: 3 },
  'invoice.markedOffline': { type: 'invoice.markedOffline', nip, sessionId, count: 2 },
  'webhook.delivered': {
    type: 'webhook.delivered',
    webhookId: 'hook-1',
    event: 'invoice.cleared',
    items: 20,
    durationMs: 40,
  },
  'webhook.failed': {
    type: 'webhook.failed',
    webhookId: 'hook-1',
    event: 'invoice.cleared',
    why: 'it answered 500',
    tries: 2,
    final: false,
  },
  'webhook.disabled': { type: 'webhook.disabled', webhookId: 'hook-1', why: 'failing' },
  'ring.failed': { type: 'ring.failed', what: `dispatch ${nip}|FA (3)|online`, message: 'ECONNREFUSED' },
  'disk.failed': { type: 'disk.failed', disk: 'files', why: 'broken', message: 'EIO: i/o error, write' },
  'job.failed': { type: 'job.failed', queue: 'send', message: 'connection lost' },
  'job.snoozed': { type: 'job.snoozed', queue: 'follow', why: 'KSeF is working' },
  'queue.failed': { type: 'queue.failed', queue: 'send', message: 'deadlock' },
};
const events: readonly WsadEvent[] = Object.values(samples);

/** As it reads in the log, where a moment is a text. */
function asLogged(fields: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(fields));
}

describe('an event', () => {
  it.each(events.map((event) => [event.type, event] as const))(
    '%s is logged in words, once',
    (type, event) => {
      const { logger, parsed } = loggerWithLines();
      createTelemetry({ logger }).emit(event);
      const { type: _, ...fields } = event;
      expect(parsed()).toEqual([expect.objectContaining(asLogged({ event: type, ...fields }))]);
      expect(parsed()[0]?.msg).toMatch(/^\S.{8,}$/);
    },
  );

  it('is an error in the log where it is our fault, and quiet where it is daily work', () => {
    const { logger, parsed } = loggerWithLines();
    const { emit } = createTelemetry({ logger });
    emit(samples['ksef.rateLimited']);
    emit(samples['ksef.called']);
    emit(samples['login.refused']);
    expect(parsed().map(({ level }) => level)).toEqual(['error', 'debug', 'warn']);
  });
});

describe('metrics', () => {
  const after = async (...told: WsadEvent[]): Promise<string> => {
    const telemetry = createTelemetry({ logger: loggerWithLines('silent').logger });
    for (const event of told) telemetry.emit(event);
    return telemetry.metrics();
  };

  it('count what happened', async () => {
    const text = await after(...events, { ...samples['ksef.called'], status: null });
    for (const line of [
      'wsad_submissions_total 1',
      'wsad_invoices_submitted_total{answer="accepted"} 7',
      'wsad_invoices_submitted_total{answer="refused"} 2',
      'wsad_sessions_total{kind="batch",step="opened"} 1',
      'wsad_session_ends_total{outcome="settled"} 1',
      'wsad_session_ends_total{outcome="failed"} 1',
      'wsad_invoices_settled_total{state="cleared"} 5',
      'wsad_invoices_held_total{cause="no_credentials"} 3',
      'wsad_logins_total{outcome="refused"} 1',
      'wsad_ksef_down_total{scope="all"} 1',
      'wsad_ksef_down_seconds_total 90',
      'wsad_ksef_system_warnings_total 1',
      'wsad_ksef_clock_offset_seconds -1.5',
      'wsad_latarnia_readings_total{outcome="failed"} 1',
      'wsad_deadline_warnings_total{threshold="1h"} 1',
      'wsad_deadline_invoices_total{threshold="1h"} 12',
      'wsad_ksef_calls_total{operation="openBatch",status="201"} 1',
      'wsad_ksef_calls_total{operation="openBatch",status="none"} 1',
      'wsad_ksef_call_duration_seconds_bucket{le="0.05",operation="openBatch"} 2',
      'wsad_ksef_rate_limited_total{operation="openBatch"} 1',
      'wsad_webhook_deliveries_total{outcome="delivered"} 1',
      'wsad_webhook_deliveries_total{outcome="put_off"} 1',
      'wsad_webhook_items_total{event="invoice.cleared"} 20',
      'wsad_webhooks_disabled_total{why="failing"} 1',
      'wsad_ring_failures_total 1',
      'wsad_job_failures_total{queue="send"} 1',
      'wsad_job_snoozes_total{queue="follow"} 1',
      'wsad_queue_faults_total{queue="send"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('that alerts look at stand at 0 from the start, so that a first time is an increase', async () => {
    const atStart = (await after()).split('\n');
    for (const labels of [
      'disk_failures_total{disk="ledger",why="full"}',
      'disk_failures_total{disk="ledger",why="broken"}',
      'disk_failures_total{disk="files",why="full"}',
      'disk_failures_total{disk="files",why="broken"}',
      'certificates_expiring_total{use="login"}',
      'certificates_expiring_total{use="offline"}',
      'session_ends_total{outcome="failed"}',
      'session_ends_total{outcome="abandoned"}',
      'invoices_settled_total{state="rejected"}',
      'webhook_deliveries_total{outcome="put_off"}',
      'webhook_deliveries_total{outcome="failed"}',
      'webhooks_disabled_total{why="failing"}',
      'webhooks_disabled_total{why="gone"}',
    ])
      expect(atStart).toContain(`wsad_${labels} 0`);
  });

  it('carry no seller, session, submission or reference', async () => {
    const text = await after(...events);
    for (const unbounded of [nip, sessionId, 'sub-1', 'ref-1', 'hook-1'])
      expect(text).not.toContain(unbounded);
  });

  it('tell of the process too, and are kept apart between telemetries', async () => {
    expect(await after(samples['ring.failed'])).toContain('process_cpu_seconds_total');
    expect(await after()).toContain('wsad_ring_failures_total 0');
  });

  it('ask for gauges when they are read', async () => {
    const telemetry = createTelemetry({ logger: loggerWithLines('silent').logger });
    let waiting = 3;
    telemetry.gauge('wsad_waiting', 'Waiting invoices.', () => waiting);
    telemetry.gauge(
      'wsad_queue_jobs',
      'Jobs by queue.',
      async () => [{ labels: { queue: 'send' }, value: waiting * 2 }],
      ['queue'],
    );
    expect(await telemetry.metrics()).toMatch(/^wsad_waiting 3$/m);
    waiting = 4;
    const text = await telemetry.metrics();
    expect(text).toMatch(/^wsad_waiting 4$/m);
    expect(text).toMatch(/^wsad_queue_jobs\{queue="send"\} 8$/m);
  });

  it('leave out a gauge that cannot be read, and say so', async () => {
    const { logger, parsed } = loggerWithLines();
    const telemetry = createTelemetry({ logger });
    telemetry.gauge('wsad_gone', 'Never there.', () => Promise.reject(new Error('Redis is away')));
    const away = () => Promise.reject(new Error('PostgreSQL is away'));
    telemetry.gauge('wsad_gone_labelled', 'Never there.', away, ['state']);
    telemetry.total('wsad_gone_total', 'Never there.', away);
    const text = await telemetry.metrics();
    expect(text).not.toMatch(/^wsad_gone/m);
    expect(text).toContain('wsad_submissions_total 0');
    expect(parsed()).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'metric wsad_gone could not be read' }),
      expect.objectContaining({ level: 'warn', msg: 'metric wsad_gone_labelled could not be read' }),
      expect.objectContaining({ level: 'warn', msg: 'metric wsad_gone_total could not be read' }),
    ]);
  });

  it('are in the format that Prometheus reads', () => {
    const { contentType } = createTelemetry({ logger: loggerWithLines('silent').logger });
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });
});
