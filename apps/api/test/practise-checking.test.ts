/** What the API practises on before it listens is good everywhere, so that it goes the way of nearly all invoices. */
import { ENVIRONMENTS } from '@wsad/domain';
import { createInvoiceChecker } from '@wsad/invoice';
import { afterAll, expect, test } from 'vitest';
import { practiseChecking } from '../src/intake/practise-checking.ts';

const checker = createInvoiceChecker({ threads: 1 });
afterAll(() => checker.close());

test.each(['TEST', 'DEMO', 'PRD'] as const)('all practice invoices are good on %s', async (environment) => {
  const clock = () => new Date('2026-03-31T22:30:00Z');
  const good = await practiseChecking({ checker, clock, environment, rules: ENVIRONMENTS[environment] });
  expect(good).toBe(200);
});
