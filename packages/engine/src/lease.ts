/** Keeps a session's lease alive while its sender works, and tells the sender when it was lost. */
import type { World } from './ports.ts';

/** A dead sender's session is taken over this long after its last sign of life. */
export const LEASE_MS = 8_000;
const RENEWALS_PER_LEASE = 4;

export interface Lease {
  /** Aborted when another sender has taken the session. */
  readonly signal: AbortSignal;
  stop(): void;
}

export function keepLease(world: World, sessionId: string, fence: number): Lease {
  const lost = new AbortController();
  const timer = setInterval(() => void renew(), LEASE_MS / RENEWALS_PER_LEASE);
  timer.unref();
  return { signal: lost.signal, stop: () => clearInterval(timer) };

  async function renew(): Promise<void> {
    try {
      const ours = await world.ledger.renewLease(sessionId, fence, world.clock(), LEASE_MS);
      if (!ours) lost.abort(new Error('another sender took this session over'));
    } catch {
      // The ledger is out of reach: every write names the fence, so going on is safe and stopping gains nothing.
    }
  }
}
