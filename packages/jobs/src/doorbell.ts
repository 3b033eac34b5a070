import type { EmitEvent, Lane } from '@wsad/domain';
import { type JobName, type JobPayloads, jobCatalogue } from './catalogue.ts';
import { coalesced } from './coalesce.ts';
import type { QueueConnection } from './connection.ts';
import { addRing } from './ring.ts';
import { within } from './within.ts';

/** A ring that is not in the queue by then is given up: the reconciler rings again from the ledger. */
const RING_MS_MAX = 1_000;

export interface QueueDoorbell {
  dispatch(lane: Lane, anew?: number): Promise<void>;
  send(sessionId: string, anew?: number): Promise<void>;
  follow(sessionId: string, anew?: number): Promise<void>;
  login(nip: string): Promise<void>;
  invoiceReceipt(invoiceId: string): Promise<void>;
  confirmation(invoiceId: string): Promise<void>;
  authSessions(nip: string): Promise<void>;
  webhook(webhookId: string): Promise<void>;
  /** Further rings are dropped; waits (a second at most) for those under way. */
  close(): Promise<void>;
}

/** Best effort: a ring never rejects and never takes longer than a second; one that fails is an event `ring.failed`. */
export function createDoorbell(connection: QueueConnection, { emit }: { emit: EmitEvent }): QueueDoorbell {
  const join = coalesced();
  const underWay = new Set<Promise<void>>();
  let closed = false;

  const ring = async <Name extends JobName>(
    name: Name,
    payload: JobPayloads[Name],
    anew: number,
  ): Promise<void> => {
    const kind = jobCatalogue[name];
    const what = `${name} ${kind.ringId(payload)}${anew === 0 ? '' : ` again (${anew})`}`;
    try {
      await within(
        RING_MS_MAX,
        join(what, () => addRing(connection.queue(name), kind, payload, anew)),
      );
    } catch (error) {
      emit({ type: 'ring.failed', what, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const tracked = async <Name extends JobName>(
    name: Name,
    payload: JobPayloads[Name],
    anew = 0,
  ): Promise<void> => {
    if (closed) return;
    const rung = ring(name, payload, anew);
    underWay.add(rung);
    await rung;
    underWay.delete(rung);
  };
  return {
    dispatch: ({ nip, form, mode }, anew) => tracked('dispatch', { nip, form, mode }, anew),
    send: (sessionId, anew) => tracked('send', { sessionId }, anew),
    follow: (sessionId, anew) => tracked('follow', { sessionId }, anew),
    login: (nip) => tracked('login', { nip }),
    invoiceReceipt: (invoiceId) => tracked('receipt', { invoiceId }),
    confirmation: (invoiceId) => tracked('confirmation', { invoiceId }),
    authSessions: (nip) => tracked('authSessions', { nip }),
    webhook: (webhookId) => tracked('webhook', { webhookId }),
    close: async () => {
      closed = true;
      await Promise.all(underWay);
    },
  };
}
