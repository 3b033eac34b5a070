/** The poller: follows sessions to their end, fetches single receipts and invoices, and rings again for whatever is due. */
import { tellJobFailure } from '@wsad/domain';
import {
  confirmInvoice,
  deliverToWebhook,
  fetchInvoiceReceipt,
  followSession,
  gatherWebhooks,
  probeKsef,
  readLatarnia,
  reconcile,
  rescue,
  tendAuthSessions,
  type World,
  warnOfDeadlines,
  warnOfExpiry,
} from '@wsad/engine';
import { type QueueConnection, startWorkers } from '@wsad/jobs';
import { correlated } from '@wsad/telemetry';
import { startLoop } from '@wsad/wiring';

const RESCUE_PAUSE_MS = 1_000;
/** What happens within it goes into one delivery. */
const WEBHOOKS_PAUSE_MS = 1_000;
const RECONCILE_PAUSE_MS = 1_000;
const TIDY_PAUSE_MS = 60_000;
const PROBE_PAUSE_MS = 1_000;
const EXPIRY_PAUSE_MS = 60_000;
/** Whose turn a round is, and how often there is one, the ledger says. */
const WATCH_PAUSE_MS = 15_000;

export interface Poller {
  close(drainMs: number, interrupt?: () => Promise<void>): Promise<void>;
}

export async function startPoller(world: World, queue: QueueConnection): Promise<Poller> {
  const { clock, emit, ledger } = world;
  const workers = await startWorkers(
    queue,
    {
      follow: ({ sessionId }) => followSession(world, sessionId),
      receipt: ({ invoiceId }) => fetchInvoiceReceipt(world, invoiceId),
      confirmation: ({ invoiceId }) => confirmInvoice(world, invoiceId),
      authSessions: ({ nip }) => tendAuthSessions(world, nip),
      webhook: ({ webhookId }) => deliverToWebhook(world, webhookId, Math.random),
    },
    { emit, clock, random: Math.random, around: correlated },
  );
  const failed = (loop: string) => (error: unknown) => tellJobFailure(emit, loop, error);
  const loops = [
    startLoop(() => rescue(world), RESCUE_PAUSE_MS, failed('rescue')),
    startLoop(() => gatherWebhooks(world), WEBHOOKS_PAUSE_MS, failed('webhooks')),
    startLoop(() => reconcile(world), RECONCILE_PAUSE_MS, failed('reconcile')),
    startLoop(() => ledger.tidy(clock()), TIDY_PAUSE_MS, failed('tidy')),
    startLoop(() => probeKsef(world), PROBE_PAUSE_MS, failed('probe')),
    startLoop(() => warnOfDeadlines(world), WATCH_PAUSE_MS, failed('deadlines')),
    startLoop(() => warnOfExpiry(world), EXPIRY_PAUSE_MS, failed('expiry')),
    startLoop(() => readLatarnia(world), WATCH_PAUSE_MS, failed('latarnia')),
  ];
  return {
    async close(drainMs, interrupt) {
      await Promise.all([...loops.map((loop) => loop.stop(drainMs)), workers.close(drainMs, interrupt)]);
    },
  };
}
