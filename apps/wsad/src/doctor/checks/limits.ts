/** Which limits on calls are in force for the seller, and is there room left in them? */
import { DOCUMENTED_RATE_LIMITS, type RateLimits } from '@wsad/domain';
import type { KsefClient } from '@wsad/ksef';
import type { SellerStatus } from '@wsad/ledger';
import { type Finding, good, unknown, warning, wordsOf } from '../finding.ts';

const NEARLY_FULL = 0.8;
const HOUR_SECONDS = 3_600;

export async function examineLimits(
  nip: string,
  ksef: KsefClient,
  accessToken: string,
  status: SellerStatus,
): Promise<Finding> {
  const inForce = await ksef.rateLimits(nip, accessToken).catch((error: unknown) => wordsOf(error));
  if (typeof inForce === 'string') return unknown('limits', `KSeF does not tell its limits: ${inForce}`);
  const full = status.limits.filter(
    ({ used, limit, windowSeconds }) => windowSeconds === HOUR_SECONDS && used >= limit * NEARLY_FULL,
  );
  if (full.length > 0) {
    const groups = full.map(({ group, used, limit }) => `${group} ${used} of ${limit}`).join(', ');
    return warning(
      'limits',
      `nearly used up within this hour: ${groups}`,
      'Nothing: wsad waits and gathers by itself.',
    );
  }
  const lower = lowered(inForce);
  const says = `${sessionsAnHour(inForce)} batch sessions an hour of 10,000 invoices each`;
  if (lower.length === 0) return good('limits', says);
  return warning(
    'limits',
    `${says}; KSeF allows this seller fewer calls than it documents (${lower.join(', ')})`,
    'Nothing for wsad, which keeps to them; ask KSeF for more if this is too slow.',
  );
}

function lowered(inForce: RateLimits): string[] {
  return Object.entries(DOCUMENTED_RATE_LIMITS).flatMap(([group, { perHour: documented }]) => {
    const perHour = inForce[group]?.perHour;
    return perHour !== undefined && documented !== undefined && perHour < documented
      ? [`${group} ${perHour} instead of ${documented}`]
      : [];
  });
}

/** Where closes count in the same group, a session takes two places of it. */
function sessionsAnHour(inForce: RateLimits): number {
  const opens = inForce.batchSession?.perHour ?? 0;
  return inForce.batchSessionClose === undefined ? Math.floor(opens / 2) : opens;
}
