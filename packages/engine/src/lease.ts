/** Keeps the lease of a session or a login alive while somebody works on it, and tells a sender when it was lost. */
import type { World } from './ports.ts';

/** What a dead process held is taken over this long after its last sign of life. */
export const LEASE_MS = 8_000;
const RENEWALS_PER_LEASE = 4;

export interface Lease {
  /** Aborted when another sender has taken the session. */
  readonly signal: AbortSignal;
  stop(): void;
}

export function keepLease(world: World, sessionId: string, fence: number): Lease {
  const lost = new AbortController();
  const stop = renewing(async () => {
    const ours = await world.ledger.renewLease(sessionId, fence, world.clock(), LEASE_MS);
    if (!ours) lost.abort(new Error('another sender took this session over'));
  });
  return { signal: lost.signal, stop };
}

/** Keeps a login to this process for as long as it takes, which may be minutes; answers what ends that. */
export function keepLogin(world: World, nip: string): () => void {
  return renewing(() => world.ledger.renewLogin(nip, world.owner, world.clock(), LEASE_MS));
}

function renewing(renew: () => Promise<void>): () => void {
  // The ledger out of reach: every write names its fence or owner, so going on is safe and stopping gains nothing.
  let asked = 0;
  let ticksToPass = 0;
  const timer = setInterval(() => {
    // One that waits for the session's own lock would have others wait behind it, each with a connection: it has a tick
    // more to itself. One without any answer by then may have lost its connection, and the next takes another.
    if (ticksToPass > 0) {
      ticksToPass -= 1;
      return;
    }
    ticksToPass = 1;
    asked += 1;
    const mine = asked;
    void renew()
      .catch(() => undefined)
      .finally(() => {
        if (mine === asked) ticksToPass = 0;
      });
  }, LEASE_MS / RENEWALS_PER_LEASE);
  timer.unref();
  return () => clearInterval(timer);
}
