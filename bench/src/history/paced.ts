/** What a place in every window costs: one call after another, as a single process makes them. */
import type { PostgresLedger } from '@wsad/ledger';
import { NIP } from './fill.ts';

/** So far apart that none has to wait. */
const APART_MS = 3_100;

/** Each run is an egress of its own, whose windows are empty. */
export async function makePacedCalls(ledger: PostgresLedger, calls: number, from: Date): Promise<void> {
  let ms = from.getTime();
  const clock = (): Date => new Date(ms);
  const pacer = ledger.pacer({ egress: `bench-${ms}`, clock, wait: async () => {} });
  for (let made = 0; made < calls; made += 1) {
    const slot = await pacer.take('sessionStatus', NIP);
    await slot.answered();
    ms += APART_MS;
  }
}
