/** By which rules the invoices of a call are checked. */
import { warsawDay } from '@wsad/domain';
import type { CheckRules } from '@wsad/invoice';
import type { ApiDeps } from '../deps.ts';
import type { SubmitRequest } from './submission.ts';

/** An issue date up to this many days ahead is accepted and waits for its day. */
const DAYS_AHEAD_MAX = 31;

export function checkRules(
  { clock, environment, rules }: Pick<ApiDeps, 'clock' | 'environment' | 'rules'>,
  { nip, onBehalf }: Pick<SubmitRequest, 'nip' | 'onBehalf'>,
): CheckRules {
  const { forms, nipChecksum } = rules;
  const today = warsawDay(clock());
  return { environment, forms, nipChecksum, sellerNip: nip, onBehalf, today, daysAheadMax: DAYS_AHEAD_MAX };
}
