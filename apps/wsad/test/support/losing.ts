/** What tests of a lost ledger have in common: work that stops half-way, and a new ledger that asks KSeF to the end. */
import { dispatchLane, reconcile, sendSession, type World } from '@wsad/engine';
import { makeInvoice } from '@wsad/samples';
import type { SharedParts } from './path.ts';
import { TODAY } from './system.ts';
import type { VirtualPath } from './virtual-path.ts';

export const laneOf = (nip: string) => ({ nip, form: 'FA (3)', mode: 'online' }) as const;
const TURNS_MAX = 200;

export function numbered(nip: string, count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, place) =>
    makeInvoice({ nip, number: `${prefix}/${place + 1}`, issueDate: TODAY, seed: place, lines: 1 }),
  );
}

/** Dispatches what waits and sends it as far as the world lets it; nothing is followed. */
export async function begin({ time }: VirtualPath, world: World, nip: string): Promise<void> {
  for (const id of await claim(time, world, nip)) await sendSession(world, id);
}

/** Dispatches what waits once its turn has come: sessions of one seller keep a little apart. Answers what may be sent. */
export async function claim(time: VirtualPath['time'], world: World, nip: string): Promise<string[]> {
  const rung: string[] = [];
  const doorbell = { ...world.doorbell, send: async (id: string) => void rung.push(id) };
  const outcome = await dispatchLane({ ...world, doorbell }, laneOf(nip));
  if (rung.length > 0 || outcome.kind !== 'snooze') return rung;
  time.advanceTo(outcome.until);
  return await claim(time, world, nip);
}

/** A process that is gone at this step: whatever follows it in the same piece of work is never done. */
export function dyingAt(world: World, step: 'recordClosing' | 'recordInvoiceIntent'): World {
  const killed = () => Promise.reject(new Error('killed'));
  return { ...world, ledger: { ...world.ledger, [step]: killed } };
}

/** Asks KSeF, and does whatever is due, until no seller waits for it any more. */
export async function untilReconciled(path: VirtualPath): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    await reconcile(path.world);
    await path.rest(0);
    const next = await nextTurnAt(path);
    if (next === null) return;
    path.time.advanceTo(next);
  }
  throw new Error(`not reconciled after ${TURNS_MAX} turns: ${await whyNotReconciled(path)}`);
}

async function nextTurnAt({ ledger }: VirtualPath): Promise<Date | null> {
  const { rows } = await ledger.pool.query<{ next: Date | null }>(
    'SELECT min(next_at) AS next FROM reconciliations WHERE done_at IS NULL',
  );
  return rows[0]?.next ?? null;
}

async function whyNotReconciled({ ledger }: VirtualPath): Promise<string[]> {
  const { rows } = await ledger.pool.query<{ why: string }>(
    `SELECT nip || ': ' || coalesce(last_error, 'not begun') || ' ' || next_at AS why FROM reconciliations WHERE done_at IS NULL`,
  );
  return rows.map(({ why }) => why);
}

/** How many invoices were put into sessions of wsad's own. */
export function claimedIn({ events }: VirtualPath): number {
  return events.reduce((sum, event) => sum + (event.type === 'session.claimed' ? event.invoices : 0), 0);
}

/** KSeF's number of each registered invoice of the seller, by its hash. */
export function numbersByHash({ emulator }: Pick<SharedParts, 'emulator'>, nip: string): Map<string, string> {
  const registered = emulator.control.registry().filter((item) => item.nip === nip);
  return new Map(registered.map(({ sha256, ksefNumber }) => [sha256, ksefNumber]));
}

/** The same, as the ledger has it; `state` instead where it has none. */
export async function told(path: VirtualPath, nip: string): Promise<Map<string, string>> {
  const { items } = await path.ledger.invoicesPage({ nip }, 'all', null, 1_000);
  return new Map(items.map(({ sha256, ksefNumber, state }) => [sha256, ksefNumber ?? state]));
}
