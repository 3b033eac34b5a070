/** Every counter and histogram. Labels are few and bounded: never a seller, a session or an invoice. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WORK_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200];

export type Instruments = ReturnType<typeof createInstruments>;

export function createInstruments(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter<Label>({ name, help, labelNames, registers: [registry] });
  const seconds = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram<Label>({ name, help, buckets, labelNames, registers: [registry] });

  return {
    submissions: counter('wsad_submissions_total', 'Submissions accepted, in part or whole.'),
    submitted: counter('wsad_invoices_submitted_total', 'Invoices submitted, by what was answered.', [
      'answer',
    ]),
    submissionSeconds: seconds(
      'wsad_submission_duration_seconds',
      'From a submission to its answer.',
      CALL_SECONDS,
    ),
    sessions: counter('wsad_sessions_total', 'Sending sessions that reached a step.', ['kind', 'step']),
    sessionEnds: counter('wsad_session_ends_total', 'Sending sessions that ended.', ['outcome']),
    sessionSeconds: seconds(
      'wsad_session_duration_seconds',
      'Duration of sessions that were settled.',
      WORK_SECONDS,
    ),
    packagedBytes: counter('wsad_packaged_bytes_total', 'Bytes of packages built.'),
    packageSeconds: seconds('wsad_package_duration_seconds', 'Building a package.', WORK_SECONDS),
    settled: counter('wsad_invoices_settled_total', 'Invoices of settled sessions, by what became of them.', [
      'state',
    ]),
    held: counter('wsad_invoices_held_total', 'Invoices put on hold, by cause.', ['cause']),
    markedOffline: counter(
      'wsad_invoices_marked_offline_total',
      'Invoices sent as online that KSeF registered as offline.',
    ),
    reconciliations: counter(
      'wsad_reconciliations_total',
      'Sellers whose sessions at KSeF were looked through after the ledger had lost some.',
    ),
    logins: counter('wsad_logins_total', 'Logins at KSeF, by outcome.', ['outcome']),
    loginSeconds: seconds('wsad_login_duration_seconds', 'Logging in at KSeF.', CALL_SECONDS, ['outcome']),
    expiring: counter(
      'wsad_certificates_expiring_total',
      'Warnings of certificates that run out, one a day each.',
      ['use'],
    ),
    ksefCalls: counter('wsad_ksef_calls_total', 'Calls to KSeF; status "none" had no answer.', [
      'operation',
      'status',
    ]),
    ksefCallSeconds: seconds('wsad_ksef_call_duration_seconds', 'Calls to KSeF.', CALL_SECONDS, [
      'operation',
    ]),
    ksefRateLimited: counter(
      'wsad_ksef_rate_limited_total',
      'Answers 429 of KSeF; each is a fault of wsad.',
      ['operation'],
    ),
    ksefUnwritten: counter(
      'wsad_ksef_answers_unwritten_total',
      'Answers of KSeF that could not be written down; the places of these calls stay taken for two minutes.',
      ['operation'],
    ),
    ksefDown: counter('wsad_ksef_down_total', 'Times that calls were kept from KSeF: all, or one seller.', [
      'scope',
    ]),
    ksefDownSeconds: counter('wsad_ksef_down_seconds_total', 'Seconds for which calls were kept from KSeF.'),
    ksefClockSeconds: new Gauge({
      name: 'wsad_ksef_clock_offset_seconds',
      help: "KSeF's clock less ours, as the last login showed it.",
      registers: [registry],
    }),
    ksefWarnings: counter(
      'wsad_ksef_system_warnings_total',
      'Announcements of KSeF beside its answers, the same words once in ten minutes.',
    ),
    latarniaReadings: counter('wsad_latarnia_readings_total', "Readings of KSeF's status service.", [
      'outcome',
    ]),
    deadlineWarnings: counter('wsad_deadline_warnings_total', 'Warnings of deadlines, each told once.', [
      'threshold',
    ]),
    deadlineInvoices: counter('wsad_deadline_invoices_total', 'Invoices that were warned of.', ['threshold']),
    webhookDeliveries: counter('wsad_webhook_deliveries_total', 'Tries to deliver to webhooks, by outcome.', [
      'outcome',
    ]),
    webhookItems: counter('wsad_webhook_items_total', 'What webhooks were told of, by event.', ['event']),
    webhookSeconds: seconds(
      'wsad_webhook_delivery_duration_seconds',
      'Deliveries that a webhook took.',
      CALL_SECONDS,
    ),
    webhooksDisabled: counter('wsad_webhooks_disabled_total', 'Webhooks that are not served any more.', [
      'why',
    ]),
    ringFailures: counter('wsad_ring_failures_total', 'Rings that did not reach the queue.'),
    jobFailures: counter('wsad_job_failures_total', 'Job runs that failed.', ['queue']),
    jobSnoozes: counter('wsad_job_snoozes_total', 'Job runs that ended in a snooze.', ['queue']),
    diskFailures: counter(
      'wsad_disk_failures_total',
      "Work that failed for want of a disk: PostgreSQL's (ledger) or of our own files, full or broken.",
      ['disk', 'why'],
    ),
    queueFaults: counter('wsad_queue_faults_total', 'Faults of the queue itself, told sparingly.', ['queue']),
  };
}
