import type { LedgerMetrics, PostgresLedger } from '@wsad/ledger';
import type { Sample, Telemetry } from '@wsad/telemetry';

/** One reading of the ledger serves every gauge of a scrape. */
const READING_MS = 1_000;

/** What is under way and what has been done, as the ledger knows it: the same whichever process is asked. */
export function gaugeLedger(
  telemetry: Pick<Telemetry, 'gauge'>,
  ledger: Pick<PostgresLedger, 'metrics'>,
  clock: () => Date,
): void {
  let readAt = 0;
  let reading: Promise<LedgerMetrics> | null = null;
  const read = (): Promise<LedgerMetrics> => {
    const now = clock();
    if (reading === null || now.getTime() - readAt > READING_MS) {
      readAt = now.getTime();
      reading = ledger.metrics(now);
    }
    return reading;
  };
  telemetry.gauge(
    'wsad_invoices_open',
    'Invoices under way, by state.',
    async () => samples('state', (await read()).openInvoices),
    ['state'],
  );
  telemetry.gauge(
    'wsad_sessions_open',
    'Sending sessions under way, by state.',
    async () => samples('state', (await read()).openSessions),
    ['state'],
  );
  telemetry.gauge(
    'wsad_oldest_due_seconds',
    'How long the invoice that is due longest has waited; 0 where none is due.',
    async () => {
      const { oldestDueAt } = await read();
      return oldestDueAt === null ? 0 : Math.max(0, (clock().getTime() - oldestDueAt.getTime()) / 1000);
    },
  );
  telemetry.gauge(
    'wsad_invoices',
    'Invoices since the ledger began, by what became of them.',
    async () => samples('outcome', (await read()).totals),
    ['outcome'],
  );
}

function samples(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
