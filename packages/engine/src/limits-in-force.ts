/** KSeF's limits on calls as it names them: read with a login, and anew where they are no longer believed. */
import { KsefFault, LimitReached } from '@wsad/domain';
import type { World } from './ports.ts';

/** So often KSeF is asked whether it has changed them; at once after a 429. */
const LIMITS_MAX_AGE_MS = 900_000;

/** When they cannot be read, the last known ones (or the documented) go on. */
export async function readLimits(world: World, nip: string, accessToken: string): Promise<void> {
  const now = world.clock();
  if (areRecent(await world.ledger.rateLimitsReadAt(nip), now)) return;
  try {
    await world.ledger.saveRateLimits(nip, await world.ksef.rateLimits(nip, accessToken), now);
  } catch (error) {
    if (!(error instanceof KsefFault || error instanceof LimitReached)) throw error;
  }
}

/** Not where they were read by a clock that has been put back since. */
export function areRecent(readAt: Date | null, now: Date): boolean {
  if (readAt === null) return false;
  const ageMs = now.getTime() - readAt.getTime();
  return ageMs >= 0 && ageMs < LIMITS_MAX_AGE_MS;
}
