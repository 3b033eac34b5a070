import type { WsadEvent } from '@wsad/domain';
import type { Instruments } from './instruments.ts';

type Of<Type extends WsadEvent['type']> = Extract<WsadEvent, { type: Type }>;
type Counting = { readonly [Type in WsadEvent['type']]: (to: Instruments, event: Of<Type>) => void };

/** What each event counts for. */
const counting: Counting = {
  'submission.accepted': (to, { accepted, refused, durationMs }) => {
    to.submissions.inc();
    to.submitted.inc({ answer: 'accepted' }, accepted);
    to.submitted.inc({ answer: 'refused' }, refused);
    to.submissionSeconds.observe(durationMs / 1_000);
  },
  'session.claimed': (to, { kind }) => to.sessions.inc({ kind, step: 'claimed' }),
  'session.opened': (to, { kind }) => to.sessions.inc({ kind, step: 'opened' }),
  'session.closed': (to, { kind }) => to.sessions.inc({ kind, step: 'closed' }),
  'session.packaged': (to, { bytes, durationMs }) => {
    to.packagedBytes.inc(bytes);
    to.packageSeconds.observe(durationMs / 1_000);
  },
  'session.settled': (to, { cleared, rejected, held, again, durationMs }) => {
    to.sessionEnds.inc({ outcome: 'settled' });
    to.sessionSeconds.observe(durationMs / 1_000);
    to.settled.inc({ state: 'cleared' }, cleared);
    to.settled.inc({ state: 'rejected' }, rejected);
    to.settled.inc({ state: 'held' }, held);
    to.settled.inc({ state: 'again' }, again);
  },
  'session.failed': (to) => to.sessionEnds.inc({ outcome: 'failed' }),
  'session.abandoned': (to) => to.sessionEnds.inc({ outcome: 'abandoned' }),
  'seller.reconciled': (to) => to.reconciliations.inc(),
  'login.opened': (to, { durationMs }) => {
    to.logins.inc({ outcome: 'opened' });
    to.loginSeconds.observe({ outcome: 'opened' }, durationMs / 1_000);
  },
  'login.refreshed': (to, { durationMs }) => {
    to.logins.inc({ outcome: 'refreshed' });
    to.loginSeconds.observe({ outcome: 'refreshed' }, durationMs / 1_000);
  },
  'login.refused': (to) => to.logins.inc({ outcome: 'refused' }),
  'credential.expiring': (to, { use }) => to.expiring.inc({ use }),
  'ksef.called': (to, { operation, status, durationMs }) => {
    to.ksefCalls.inc({ operation, status: status === null ? 'none' : String(status) });
    to.ksefCallSeconds.observe({ operation }, durationMs / 1_000);
  },
  'ksef.rateLimited': (to, { operation }) => to.ksefRateLimited.inc({ operation }),
  'ksef.unwritten': (to, { operation }) => to.ksefUnwritten.inc({ operation }),
  'ksef.down': (to, { nip }) => to.ksefDown.inc({ scope: nip === null ? 'all' : 'seller' }),
  'ksef.up': (to, { downMs }) => to.ksefDownSeconds.inc(downMs / 1_000),
  'ksef.clock': (to, { offsetMs }) => to.ksefClockSeconds.set(offsetMs / 1_000),
  'ksef.warned': (to) => to.ksefWarnings.inc(),
  'latarnia.said': (to) => to.latarniaReadings.inc({ outcome: 'read' }),
  'latarnia.failed': (to) => to.latarniaReadings.inc({ outcome: 'failed' }),
  'deadline.near': (to, { threshold, invoices }) => {
    to.deadlineWarnings.inc({ threshold });
    to.deadlineInvoices.inc({ threshold }, invoices);
  },
  'invoices.held': (to, { cause, count }) => to.held.inc({ cause }, count),
  'invoice.markedOffline': (to, { count }) => to.markedOffline.inc(count),
  'webhook.delivered': (to, { event, items, durationMs }) => {
    to.webhookDeliveries.inc({ outcome: 'delivered' });
    to.webhookItems.inc({ event }, items);
    to.webhookSeconds.observe(durationMs / 1_000);
  },
  'webhook.failed': (to, { final }) => to.webhookDeliveries.inc({ outcome: final ? 'failed' : 'put_off' }),
  'webhook.disabled': (to, { why }) => to.webhooksDisabled.inc({ why }),
  'ring.failed': (to) => to.ringFailures.inc(),
  'job.failed': (to, { queue }) => to.jobFailures.inc({ queue }),
  'job.snoozed': (to, { queue }) => to.jobSnoozes.inc({ queue }),
  'disk.failed': (to, { disk, why }) => to.diskFailures.inc({ disk, why }),
  'queue.failed': (to, { queue }) => to.queueFaults.inc({ queue }),
};

export function count<Type extends WsadEvent['type']>(
  to: Instruments,
  event: Of<Type> & { readonly type: Type },
): void {
  counting[event.type](to, event);
}
