/** Says in good time that a certificate runs out: a new one takes days to get, and without one nothing is sent. */
import { daysUntil, expiresSoonBefore } from '@wsad/domain';
import type { World } from './ports.ts';

export async function warnOfExpiry(world: Pick<World, 'ledger' | 'clock' | 'emit'>): Promise<void> {
  const now = world.clock();
  const certificates = await world.ledger.certificatesRunningOut(now, expiresSoonBefore(now));
  for (const { nip, sharedName, use, validTo } of certificates)
    world.emit({
      type: 'credential.expiring',
      nip,
      sharedName,
      use,
      expiresInDays: daysUntil(validTo, now),
    });
}
