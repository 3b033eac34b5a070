import { type CertificateFacts, daysUntil, expiresSoonBefore } from '@wsad/domain';
import type { z } from 'zod';
import type { certificateFacts } from '../schemas/credentials.ts';

/** What may be told of a certificate. */
export function certificateAnswer(facts: CertificateFacts, now: Date): z.input<typeof certificateFacts> {
  const { kind, subject, serialNumber, validFrom, validTo } = facts;
  return {
    ...{ kind, subject, serialNumber },
    validFrom: validFrom.toISOString(),
    validTo: validTo.toISOString(),
    expiresInDays: daysUntil(validTo, now),
    expiresSoon: validTo < expiresSoonBefore(now),
  };
}
