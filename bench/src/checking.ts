/** Checking invoices in the pool of worker threads, as the API does. */
import { createInvoiceChecker } from '@wsad/invoice';
import { makeInvoice } from '@wsad/samples';
import { type Benchmark, bestOf } from './measure.ts';

const INVOICES = 4_000;
const ROUNDS = 3;
const SMOKE_INVOICES = 20;

export const checking: Benchmark = {
  name: 'checking',
  what: `${INVOICES} invoices through every check, hashed and deflated, in one worker thread and in two`,
  async run({ smoke = false } = {}) {
    const invoices = smoke ? SMOKE_INVOICES : INVOICES;
    const files = Array.from({ length: invoices }, (_, seed) =>
      Buffer.from(makeInvoice({ nip: '5265877635', number: `FV/${seed}`, issueDate: '2026-02-01', seed })),
    );
    const one = createInvoiceChecker({ threads: 1 });
    const two = createInvoiceChecker({ threads: 2 });
    await Promise.all([one.warm(), two.warm()]);
    const best = await bestOf(smoke ? 1 : ROUNDS, {
      one: () => one.check(files, RULES),
      two: () => two.check(files, RULES),
    });
    await Promise.all([one.close(), two.close()]);
    const perSecond = (ms: number | undefined) => (invoices * 1000) / (ms ?? Number.NaN);
    return { oneThreadPerSecond: perSecond(best.one), twoThreadsPerSecond: perSecond(best.two) };
  },
};

const RULES = {
  environment: 'TEST',
  forms: ['FA (3)'],
  nipChecksum: false,
  sellerNip: '5265877635',
  onBehalf: false,
  today: '2026-02-01',
  daysAheadMax: 31,
} satisfies Parameters<ReturnType<typeof createInvoiceChecker>['check']>[1];
