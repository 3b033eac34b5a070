/** KSeF's limits on calls as it names them, read after a login and no more than once an hour. */
import { KsefFault, LimitReached } from '@wsad/domain';
import type { World } from './ports.ts';

const LIMITS_MAX_AGE_MS = 3_600_000;

/** When they cannot be read, the last known ones (or the documented) go on. */
export async function readLimits(world: World, nip: string, accessToken: string): Promise<void> {
  const now = world.clock();
  const readAt = await world.ledger.rateLimitsReadAt(nip);
  if (readAt !== null && now.getTime() - readAt.getTime() < LIMITS_MAX_AGE_MS) return;
  try {
    await world.ledger.saveRateLimits(nip, await world.ksef.rateLimits(nip, accessToken), now);
  } catch (error) {
    if (!(error instanceof KsefFault || error instanceof LimitReached)) throw error;
  }
}
