/** What is under way and what has been done, as ledger and queue know it: the same whichever process is asked. */
import type { QueueConnection } from '@wsad/jobs';
import type { LedgerCondition, LedgerMetrics, PostgresLedger } from '@wsad/ledger';
import type { Sample, Telemetry } from '@wsad/telemetry';

/** One reading serves every metric of a scrape. */
const READING_MS = 1_000;

type To = Pick<Telemetry, 'gauge' | 'total'>;

export function gaugeLedger(
  telemetry: To,
  ledger: Pick<PostgresLedger, 'metrics' | 'condition'>,
  clock: () => Date,
): void {
  gaugeWork(telemetry, readOnce(ledger.metrics, clock), clock);
  gaugeCondition(telemetry, readOnce(ledger.condition, clock));
}

function readOnce<T>(read: (now: Date) => Promise<T>, clock: () => Date): () => Promise<T> {
  let readAt = 0;
  let reading: Promise<T> | null = null;
  return () => {
    const now = clock();
    if (reading === null || now.getTime() - readAt > READING_MS) {
      readAt = now.getTime();
      reading = read(now);
    }
    return reading;
  };
}

function gaugeWork({ gauge, total }: To, read: () => Promise<LedgerMetrics>, clock: () => Date): void {
  gauge(
    'wsad_invoices_open',
    'Invoices under way, by state.',
    async () => samples('state', (await read()).openInvoices),
    ['state'],
  );
  gauge(
    'wsad_sessions_open',
    'Sending sessions under way, by state.',
    async () => samples('state', (await read()).openSessions),
    ['state'],
  );
  gauge(
    'wsad_oldest_due_age_seconds',
    'How long the invoice that is due longest has waited; 0 where none is due.',
    async () => {
      const { oldestDueAt } = await read();
      return oldestDueAt === null ? 0 : Math.max(0, (clock().getTime() - oldestDueAt.getTime()) / 1000);
    },
  );
  total(
    'wsad_ledger_invoices_total',
    'Invoices since the ledger began, by what became of them.',
    async () => {
      const { rateLimited: _, ...invoices } = (await read()).totals;
      return samples('outcome', invoices);
    },
    ['outcome'],
  );
  total(
    'wsad_ledger_rate_limited_total',
    'Answers 429 of KSeF since the ledger began; each is a fault of wsad.',
    async () => (await read()).totals.rateLimited,
  );
}

function gaugeCondition({ gauge }: To, read: () => Promise<LedgerCondition>): void {
  gauge(
    'wsad_held_invoices',
    'Invoices that wait for a person or a cure, by cause.',
    async () => samples('cause', (await read()).heldByCause),
    ['cause'],
  );
  gauge(
    'wsad_deadline_open_invoices',
    'Invoices without a day at KSeF by the nearest threshold that their deadline has come under.',
    async () => samples('threshold', (await read()).deadlines),
    ['threshold'],
  );
  gauge(
    'wsad_seller_logins',
    'Sellers by how their login at KSeF stands.',
    async () => samples('state', (await read()).logins),
    ['state'],
  );
  gauge(
    'wsad_paused_sellers',
    'Sellers whose sending somebody paused: each by itself, or all at once.',
    async () => (await read()).pausedSellers,
  );
  gauge(
    'wsad_reconciling_sellers',
    'Sellers who send nothing until KSeF has told what it has of them.',
    async () => (await read()).reconcilingSellers,
  );
  gauge(
    'wsad_budget_use_ratio',
    "How much of a limit of KSeF's the seller that uses most of it has used, by group and window in seconds; 1 is all.",
    async () =>
      (await read()).budgets.map(({ group, windowSeconds, ratio }) => ({
        labels: { group, window: String(windowSeconds) },
        value: ratio,
      })),
    ['group', 'window'],
  );
  gauge(
    'wsad_ksef_connection_state',
    'How KSeF is to be had, as our own calls see it: 1 for the state it is in.',
    async () => {
      const { connection } = await read();
      return ['up', 'degraded', 'down'].map((state) => ({
        labels: { state },
        value: state === connection ? 1 : 0,
      }));
    },
    ['state'],
  );
}

/** Read from the store of the queue itself. */
export function gaugeQueue({ gauge }: To, queue: Pick<QueueConnection, 'answers' | 'counts'>): void {
  gauge('wsad_queue_up', 'Whether the store of the queue answers: 1 or 0.', async () =>
    (await queue.answers()) ? 1 : 0,
  );
  gauge(
    'wsad_queue_jobs',
    'Jobs in each queue, by state.',
    async () =>
      (await queue.answers())
        ? Object.entries(await queue.counts()).flatMap(([name, counts]) =>
            Object.entries(counts).map(([state, value]) => ({ labels: { queue: name, state }, value })),
          )
        : [],
    ['queue', 'state'],
  );
}

function samples(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
