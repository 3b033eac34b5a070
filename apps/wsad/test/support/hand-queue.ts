/** A queue turned by hand: rings are kept, and `settle` runs the engine's stops until nothing is left to do. */
import { type Lane, laneKey, type Outcome } from '@wsad/domain';
import {
  confirmInvoice,
  type Doorbell,
  deliverToWebhook,
  dispatchLane,
  fetchInvoiceReceipt,
  followSession,
  logIn,
  sendSession,
  tendAuthSessions,
  type World,
} from '@wsad/engine';

interface Ring {
  readonly id: string;
  readonly run: (world: World) => Promise<Outcome>;
}

export interface HandQueue {
  readonly doorbell: Doorbell;
  /** Runs everything rung, snoozes included (their time is waited for), until it is quiet. */
  settle(world: World): Promise<void>;
  /** The same, but only until `enough` says so. */
  settleUntil(world: World, enough: () => boolean): Promise<void>;
}

const TURNS_MAX = 2_000;

export function createHandQueue(): HandQueue {
  const rung = new Map<string, Ring>();
  const ring = async (id: string, run: Ring['run']): Promise<void> => {
    rung.set(id, { id, run });
  };
  return {
    doorbell: {
      dispatch: (lane: Lane) => ring(`dispatch ${laneKey(lane)}`, (world) => dispatchLane(world, lane)),
      send: (id) => ring(`send ${id}`, (world) => sendSession(world, id)),
      follow: (id) => ring(`follow ${id}`, (world) => followSession(world, id)),
      login: (nip) => ring(`login ${nip}`, (world) => logIn(world, nip)),
      invoiceReceipt: (id) => ring(`receipt ${id}`, (world) => fetchInvoiceReceipt(world, id)),
      confirmation: (id) => ring(`confirmation ${id}`, (world) => confirmInvoice(world, id)),
      authSessions: (nip) => ring(`authSessions ${nip}`, (world) => tendAuthSessions(world, nip)),
      webhook: (id) => ring(`webhook ${id}`, (world) => deliverToWebhook(world, id, () => 0.5)),
    },
    settle: (world) => turnUntil(world, () => false),
    settleUntil: turnUntil,
  };

  async function turnUntil(world: World, enough: () => boolean): Promise<void> {
    for (let turn = 0; rung.size > 0 && !enough(); turn += 1) {
      if (turn > TURNS_MAX) throw new Error(`still not quiet: ${[...rung.keys()].join(', ')}`);
      const [next] = rung.values();
      if (next === undefined) return;
      rung.delete(next.id);
      const outcome = await next.run(world);
      if (outcome.kind === 'retry') throw outcome.error;
      if (outcome.kind === 'snooze') rung.set(next.id, next);
    }
  }
}
