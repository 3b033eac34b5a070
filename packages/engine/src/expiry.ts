/** Says in good time that a certificate runs out: a new one takes days to get, and without one nothing is sent. */
import { daysUntil, expiresSoonBefore } from '@wsad/domain';
import type { Ledger, World } from './ports.ts';

export interface ExpiryWatch extends Pick<World, 'clock' | 'emit'> {
  readonly ledger: Pick<Ledger, 'certificatesRunningOut'>;
}

export async function warnOfExpiry(world: ExpiryWatch): Promise<void> {
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
