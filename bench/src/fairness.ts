/**
 * What a seller with three invoices waits while another drains a hundred thousand, against what it waits alone. The large
 * seller's are put in line first, while it is paused: what is measured is sending, not accepting. The small sellers come
 * one after another, each logged in before, at a fixed pace that waits for nobody. Once while KSeF takes the time that it takes
 * on average, and once while it takes none: then its own work on what the large one sends is on the same cores, all of it at
 * once. There two large sellers drain, one after the other: while one does too few small ones come for the hundredth to be
 * more than the worst of them.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { warsawDay } from '@wsad/domain';
import { makeInvoice } from '@wsad/samples';
import { z } from 'zod';
import type { Benchmark, Figures } from './measure.ts';
import { differentNips } from './sellers.ts';
import { type BenchSystem, type KsefSpeed, startSystem } from './system.ts';

interface Size {
  readonly speed: KsefSpeed;
  /** In line of the large seller, and how many of them in one call. */
  readonly invoices: number;
  readonly perCall: number;
  readonly smallSellers: number;
  readonly drains: number;
  /** As many small ones have to come while a large one drains; of fewer than a hundred waits p99 is the worst. */
  readonly waitsLeast: number;
}

const LARGE = { invoices: 100_000, perCall: 10_000, smallSellers: 100 };
const WHOLE: readonly Size[] = [
  { speed: 'realistic', ...LARGE, drains: 1, waitsLeast: 60 },
  { speed: 'instant', ...LARGE, drains: 2, waitsLeast: 80 },
];
const SMALL = { invoices: 200, perCall: 100, smallSellers: 2, drains: 1, waitsLeast: 1 };
const SMOKE: readonly Size[] = [
  { speed: 'realistic', ...SMALL },
  { speed: 'instant', ...SMALL },
];

/** Before what is to be sent gets its turn. */
const MADE_AT_ONCE = 100;
const PER_SMALL_SELLER = 3;
const ARRIVAL_PAUSE_MS = 300;
/** Of those whose waits are not measured. */
const WARMING_PAUSE_MS = 60;
const LOOK_PAUSE_MS = 500;
const PATIENCE_MS = 180_000;

const SELLERS_SEED = 20_260_202;

export const fairness: Benchmark = {
  name: 'fairness',
  what: 'a seller with three invoices while another drains 100,000, against alone (KSeF without XSD check)',
  async run({ smoke = false } = {}) {
    const figures: Record<string, number> = {};
    for (const size of smoke ? SMOKE : WHOLE) {
      const system = await startSystem(size.speed);
      try {
        for (const [name, figure] of Object.entries(await measured(system, size)))
          figures[`${size.speed}.${name}`] = figure;
      } finally {
        await system.stop();
      }
    }
    return figures;
  },
};

async function measured(system: BenchSystem, size: Size): Promise<Figures> {
  const today = warsawDay(new Date());
  const nips = differentNips(size.smallSellers + size.drains, SELLERS_SEED);
  const [large, small] = [nips.slice(0, size.drains), nips.slice(size.drains)];
  for (const nip of nips)
    await system.call('PUT', `/v1/sellers/${nip}/credentials`, { type: 'ksefToken', token: `token-${nip}` });
  // Everybody has logged in, and all code has run, before anything is measured.
  await arrivals(system, small, 'warm', today, WARMING_PAUSE_MS);
  await allCleared(system, small);
  for (const nip of large) await system.call('POST', `/v1/sellers/${nip}/pause`);
  const drains: Drain[] = [];
  for (const nip of large) {
    await putInLine(system, nip, size, today);
    if (drains.length === 0) {
      await arrivals(system, small, ALONE, today);
      await allCleared(system, small);
    }
    drains.push(await drain(system, nip, small, today));
  }

  const waits = await waitsOf(system, small);
  const alone = waits.filter(({ phase }) => phase === ALONE);
  const beside = drains.flatMap(({ nip, drainedAt }) =>
    waits.filter(({ phase, acceptedAt }) => phase === nip && acceptedAt < drainedAt),
  );
  const drainedMs = drains.reduce((sum, { begunAt, drainedAt }) => sum + drainedAt - begunAt, 0);
  if (beside.length < size.waitsLeast) throw new Error(`only ${beside.length} waits fell into the draining`);
  return {
    aloneP50Ms: percentile(alone, 50),
    aloneP99Ms: percentile(alone, 99),
    besideP50Ms: percentile(beside, 50),
    besideP99Ms: percentile(beside, 99),
    waitsBeside: beside.length,
    p99Ratio: percentile(beside, 99) / percentile(alone, 99),
    drainedPerSecond: (1000 * size.invoices * size.drains) / drainedMs,
    rateLimited: await system.rateLimited(),
    queueInRedis: Number(system.queue === 'redis'),
  };
}

const ALONE = 'alone';

interface Drain {
  readonly nip: string;
  readonly begunAt: number;
  readonly drainedAt: number;
}

/** The large seller may begin, and small ones come beside it; their numbers tell beside whom. */
async function drain(
  system: BenchSystem,
  nip: string,
  small: readonly string[],
  issueDate: string,
): Promise<Drain> {
  const begunAt = Date.now();
  await system.call('POST', `/v1/sellers/${nip}/resume`);
  await arrivals(system, small, nip, issueDate);
  await allCleared(system, [nip, ...small]);
  return { nip, begunAt, drainedAt: await lastEndOf(system, nip) };
}

/** While one call is answered the invoices of the next are made. */
async function putInLine(system: BenchSystem, nip: string, size: Size, issueDate: string): Promise<void> {
  let answered: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < size.invoices; from += size.perCall) {
    const invoices: { readonly xml: string }[] = [];
    for (let seed = from; seed < Math.min(from + size.perCall, size.invoices); seed += 1) {
      invoices.push({ xml: makeInvoice({ nip, number: `LARGE/${seed}`, issueDate, seed }) });
      if (invoices.length % MADE_AT_ONCE === 0) await nextTurn();
    }
    await answered;
    answered = system.call('POST', `/v1/sellers/${nip}/invoices`, { invoices });
    // A failure is thrown where it is waited for.
    answered.catch(() => undefined);
  }
  await answered;
}

/** One small seller after another hands in its invoices, whatever became of those before. */
async function arrivals(
  system: BenchSystem,
  small: readonly string[],
  phase: string,
  issueDate: string,
  pauseMs: number = ARRIVAL_PAUSE_MS,
): Promise<void> {
  const submissions: Promise<unknown>[] = [];
  for (const [index, nip] of small.entries()) {
    const invoices = Array.from({ length: PER_SMALL_SELLER }, (_, position) => ({
      xml: makeInvoice({ nip, number: `${phase}/${position}`, issueDate, seed: index * 7 + position }),
    }));
    submissions.push(system.call('POST', `/v1/sellers/${nip}/invoices`, { invoices }));
    await pause(pauseMs);
  }
  await Promise.all(submissions);
}

const status = z.object({ pending: z.number() });

async function pendingOf(system: BenchSystem, nip: string): Promise<number> {
  return status.parse(await system.call('GET', `/v1/sellers/${nip}/status`)).pending;
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > giveUpAt) throw new Error(`${what} did not come to pass in time`);
    await pause(LOOK_PAUSE_MS);
  }
}

async function allCleared(system: BenchSystem, sellers: readonly string[]): Promise<void> {
  for (const nip of sellers)
    await until(`clearing what ${nip} sent`, async () => (await pendingOf(system, nip)) === 0);
}

const sessions = z.object({
  items: z.array(z.object({ timings: z.object({ endedAt: z.iso.datetime() }) })),
});

/** When the last of the seller's sessions was settled: whoever comes later comes beside nobody. */
async function lastEndOf(system: BenchSystem, nip: string): Promise<number> {
  const { items } = sessions.parse(await system.call('GET', `/v1/sessions?nip=${nip}&limit=500`));
  return Math.max(...items.map(({ timings }) => Date.parse(timings.endedAt)));
}

interface Wait {
  readonly phase: string;
  readonly acceptedAt: number;
  /** From the acceptance to the last of the three numbers. */
  readonly waitMs: number;
}

const page = z.object({
  items: z.array(
    z.object({ invoiceNumber: z.string(), acceptedAt: z.iso.datetime(), settledAt: z.iso.datetime() }),
  ),
});

async function waitsOf(system: BenchSystem, small: readonly string[]): Promise<Wait[]> {
  const waits: Wait[] = [];
  for (const nip of small) {
    const { items } = page.parse(await system.call('GET', `/v1/invoices?nip=${nip}&limit=500`));
    for (const [phase, invoices] of Map.groupBy(
      items,
      ({ invoiceNumber }) => invoiceNumber.split('/')[0] ?? '',
    )) {
      const acceptedAt = Math.min(...invoices.map((invoice) => Date.parse(invoice.acceptedAt)));
      const settledAt = Math.max(...invoices.map((invoice) => Date.parse(invoice.settledAt)));
      waits.push({ phase, acceptedAt, waitMs: settledAt - acceptedAt });
    }
  }
  return waits;
}

/** The nearest rank. */
function percentile(waits: readonly Wait[], percent: number): number {
  const sorted = waits.map(({ waitMs }) => waitMs).sort((left, right) => left - right);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}
