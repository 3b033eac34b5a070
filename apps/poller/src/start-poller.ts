/** The poller: follows sessions to their end, fetches single receipts and invoices, and rings again for whatever is due. */
import {
  confirmInvoice,
  fetchInvoiceReceipt,
  followSession,
  rescue,
  tendAuthSessions,
  type World,
} from '@wsad/engine';
import { type QueueConnection, startWorkers } from '@wsad/jobs';
import { startLoop } from '@wsad/wiring';

const RESCUE_PAUSE_MS = 1_000;
const TIDY_PAUSE_MS = 60_000;

export interface Poller {
  close(drainMs: number): Promise<void>;
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
    },
    { emit, clock, random: Math.random },
  );
  const failed = (loop: string) => (error: unknown) =>
    emit({
      type: 'job.failed',
      queue: loop,
      message: error instanceof Error ? error.message : String(error),
    });
  const rescuing = startLoop(() => rescue(world), RESCUE_PAUSE_MS, failed('rescue'));
  const tidying = startLoop(() => ledger.tidy(clock()), TIDY_PAUSE_MS, failed('tidy'));
  return {
    async close(drainMs) {
      await Promise.all([rescuing.stop(), tidying.stop(), workers.close(drainMs)]);
    },
  };
}
