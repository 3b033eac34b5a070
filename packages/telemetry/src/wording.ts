import type { WsadEvent } from '@wsad/domain';

export type Level = 'debug' | 'info' | 'warn' | 'error';

export interface Wording {
  readonly level: Level;
  readonly text: string;
}

const say = (level: Level, text: string): Wording => ({ level, text });

/** How an event reads in the log; its fields stand beside it. */
export function wordingOf(event: WsadEvent): Wording {
  switch (event.type) {
    case 'submission.accepted':
      return say('info', `accepted ${event.accepted} invoices, refused ${event.refused}`);
    case 'session.claimed':
      return say('info', `${event.kind} session begun with ${event.invoices} invoices`);
    case 'session.packaged':
      return say('info', `packed ${event.bytes} bytes in ${event.parts} parts`);
    case 'session.opened':
      return say('info', `${event.kind} session opened at KSeF`);
    case 'session.closed':
      return say('info', `${event.kind} session closed, KSeF is judging it`);
    case 'session.settled':
      return say(
        'info',
        `session settled: ${event.cleared} cleared, ${event.rejected} rejected, ${event.held} held, ${event.again} go again`,
      );
    case 'session.failed':
      return say('warn', `KSeF failed the session: ${event.code} ${event.description}`);
    case 'session.abandoned':
      return say('warn', `session given up before it was closed: ${event.why}`);
    default:
      return wordingOfCalls(event);
  }
}

type Rest = Exclude<WsadEvent, { type: `session.${string}` | 'submission.accepted' }>;

function wordingOfCalls(event: Rest): Wording {
  switch (event.type) {
    case 'seller.reconciled':
      return say(
        'info',
        `KSeF was asked what it has: ${event.registrations} invoices in ${event.sessions} sessions, ${event.cleared} cleared by it`,
      );
    case 'login.opened':
      return say('info', `logged in by ${event.method}`);
    case 'login.refreshed':
      return say('debug', 'login refreshed');
    case 'login.refused':
      return say('warn', `KSeF refused the login: ${event.code} ${event.description}`);
    case 'ksef.called':
      return say('debug', `KSeF answered ${event.operation} with ${event.status ?? 'nothing'}`);
    case 'ksef.rateLimited':
      return say('error', `KSeF limited ${event.operation}: wsad must never give it a reason to`);
    case 'ksef.unwritten':
      return say(
        'warn',
        `an answer to ${event.operation} was not written down, its places stay taken: ${event.message}`,
      );
    case 'ksef.down':
      return say('error', `KSeF does not answer ${event.nip ?? 'anybody'}: calls wait, one at a time tries`);
    case 'ksef.up':
      return say('info', `KSeF answers ${event.nip ?? 'again'} after ${Math.round(event.downMs / 1000)} s`);
    case 'ksef.clock':
      return say(
        'debug',
        `KSeF's clock is ${event.offsetMs} ms ahead, give or take ${event.uncertaintyMs} ms`,
      );
    case 'ksef.warned':
      return say('warn', `KSeF announces: ${event.text}`);
    case 'invoices.held':
      return say('warn', `${event.count} invoices wait for a person or a cure: ${event.cause}`);
    case 'invoice.markedOffline':
      return say(
        'error',
        `KSeF marked ${event.count} invoices Offline that were sent as online: they want QR II`,
      );
    default:
      return wordingOfRounds(event);
  }
}

type OfRounds = Exclude<
  Rest,
  {
    type:
      | `login.${string}`
      | `ksef.${string}`
      | 'seller.reconciled'
      | 'invoices.held'
      | 'invoice.markedOffline';
  }
>;

function wordingOfRounds(event: OfRounds): Wording {
  switch (event.type) {
    case 'deadline.near':
      return event.threshold === 'passed'
        ? say('error', `${event.invoices} invoices wait although their deadline has passed`)
        : say('warn', `${event.invoices} invoices wait with less than ${event.threshold} to their deadline`);
    case 'credential.expiring':
      return say('warn', expiryWords(event));
    case 'latarnia.said':
      return say('debug', `KSeF's status service says ${event.status}`);
    case 'latarnia.failed':
      return say('debug', `KSeF's status service could not be read: ${event.message}`);
    case 'webhook.delivered':
      return say('debug', `webhook told of ${event.items} (${event.event})`);
    case 'webhook.failed':
      return event.final
        ? say('error', `webhook could not be told of ${event.event} and is not tried again: ${event.why}`)
        : say('warn', `webhook was not told of ${event.event}, try ${event.tries}: ${event.why}`);
    case 'webhook.disabled':
      return say('error', `webhook disabled: ${event.why}`);
    case 'ring.failed':
      return say('warn', `a ring did not reach the queue, the poller will ring again: ${event.what}`);
    case 'job.failed':
      return say('warn', `a ${event.queue} job failed: ${event.message}`);
    case 'job.snoozed':
      return say('debug', `a ${event.queue} job snoozes: ${event.why}`);
    case 'disk.failed':
      return say('error', diskWords(event));
    case 'queue.failed':
      return say('error', `the queue (${event.queue}) is in trouble: ${event.message}`);
  }
}

function diskWords({ disk, why, message }: WsadEvent & { type: 'disk.failed' }): string {
  const whose = disk === 'ledger' ? "PostgreSQL's disk" : 'the disk of packages and temporary files';
  const what = why === 'full' ? 'has no room: free some' : 'cannot be read or written: see to it';
  return `${whose} ${what}; work waits, and goes on by itself (${message})`;
}

function expiryWords({ use, expiresInDays }: WsadEvent & { type: 'credential.expiring' }): string {
  const certificate = use === 'login' ? 'the certificate that logs in' : 'the certificate that signs KOD II';
  const when = expiresInDays < 0 ? 'has expired' : `expires in ${expiresInDays} days`;
  return `${certificate} ${when}: put a new one`;
}
