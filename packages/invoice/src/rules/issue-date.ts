import { addDays } from '@wsad/domain';
import { fault } from '../faults.ts';
import type { CheckRules, Fault } from '../types.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The issue date may not be later than the day KSeF receives the invoice. wsad keeps one that is dated ahead until its
 * day, but not for longer than `daysAheadMax`: further ahead is rather a slip.
 */
export function issueDateFaults(
  element: string,
  { text: issueDate, line }: { readonly text: string; readonly line: number | null },
  rules: CheckRules,
): Fault[] {
  if (!DAY.test(issueDate) || issueDate <= rules.today) return [];
  const latest = addDays(rules.today, rules.daysAheadMax);
  if (issueDate <= latest) return [];
  const message = `The issue date (${element}) is ${issueDate}, which is more than ${rules.daysAheadMax} days ahead. Invoices dated up to ${latest} are taken today.`;
  return [
    fault('ISSUE_DATE_TOO_FAR', { message, line, rule: `KSeF: ${element} not after the day of receipt` }),
  ];
}
