/** Whether the cost of the same work grows with what was settled before it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@wsad/embedded';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { fillHistory, NIP, SHARED_LOGIN, whileUnsafe } from './history/fill.ts';
import { makePacedCalls } from './history/paced.ts';
import { STEPS, type Steps, settleAnew } from './history/steps.ts';
import { type Benchmark, bestOf, type Figures, type Measured } from './measure.ts';

const FULL = { small: 10_000, sizes: [100_000, 500_000, 2_000_000], work: 1_000, rounds: 7, calls: 300 };
const SMOKE = { small: 1_000, sizes: [5_000], work: 20, rounds: 1, calls: 3 };
/** Filling puts more than a million rows in at once. */
const STATEMENT_MS_MAX = 600_000;
/** Of the steps, those that the promise speaks of. */
const PROMISED: readonly (keyof Steps)[] = ['claim', 'load', 'settle'];

export const history: Benchmark = {
  name: 'history',
  what: '1,000 invoices claimed, loaded and settled, with 10 thousand and with up to 2 million settled ones',
  async run({ smoke = false }: { readonly smoke?: boolean } = {}) {
    const dataDir = await mkdtemp(join(tmpdir(), 'wsad-history-'));
    const server = await startEmbeddedPostgres({ dataDir, flags: ['-c', 'max_wal_size=8GB'] });
    try {
      return await measure(server.url, smoke ? SMOKE : FULL);
    } finally {
      await server.stop();
      await rm(dataDir, { recursive: true });
    }
  },
};

/** Both ledgers are of one server and take turns, so that a busy moment hits both alike. */
async function measure(url: string, { small, sizes, work, rounds, calls }: typeof FULL): Promise<Measured> {
  const little = await ledgerAt(url, 'little');
  const much = await ledgerAt(url, 'much');
  const figures: Record<string, number> = {};
  const ratios: number[] = [];
  try {
    await whileUnsafe(little.pool, () => fillHistory(little.pool, 0, small, new Date()));
    let filled = 0;
    for (const size of sizes) {
      const startedAt = performance.now();
      await whileUnsafe(much.pool, () => fillHistory(much.pool, filled, size, new Date()));
      figures[`fillTo${size}Ms`] = performance.now() - startedAt;
      filled = size;
      const compared = await compare(little, much, size, work, rounds);
      Object.assign(figures, compared);
      ratios.push(compared[`ratioAt${size}`] ?? Number.NaN);
    }
    Object.assign(figures, await paced(little, much, filled, calls));
    return { figures, plots: [costAgainstHistory(sizes, ratios, small)] };
  } finally {
    await Promise.all([little.close(), much.close()]);
  }
}

/** Milliseconds of each step in the median round, and the ratio of what is promised. */
async function compare(
  little: PostgresLedger,
  much: PostgresLedger,
  size: number,
  work: number,
  rounds: number,
): Promise<Figures> {
  // One round each that is not counted: connections and caches are cold after filling.
  await settleAnew(little, work, new Date());
  await settleAnew(much, work, new Date());
  const took = { little: [] as Steps[], much: [] as Steps[] };
  for (let round = 0; round < rounds; round += 1) {
    took.little.push(await settleAnew(little, work, new Date()));
    took.much.push(await settleAnew(much, work, new Date()));
  }
  const promised = (steps: Steps): number => PROMISED.reduce((sum, step) => sum + steps[step], 0);
  const steps = STEPS.flatMap((step) => [
    [`${step}LittleBefore${size}Ms`, median(took.little.map((each) => each[step]))],
    [`${step}At${size}Ms`, median(took.much.map((each) => each[step]))],
  ]);
  const ratio = median(took.much.map(promised)) / median(took.little.map(promised));
  return { ...Object.fromEntries(steps), [`ratioAt${size}`]: ratio };
}

/** Milliseconds of one paced call, in the better of two rounds that take turns. */
async function paced(
  little: PostgresLedger,
  much: PostgresLedger,
  size: number,
  calls: number,
): Promise<Figures> {
  const best = await bestOf(2, {
    little: () => makePacedCalls(little, calls, new Date()),
    much: () => makePacedCalls(much, calls, new Date()),
  });
  const each = (ms: number | undefined): number => (ms ?? Number.NaN) / calls;
  return { pacedCallLittleMs: each(best.little), [`pacedCallAt${size}Ms`]: each(best.much) };
}

function costAgainstHistory(
  sizes: readonly number[],
  ratios: readonly number[],
  small: number,
): NonNullable<Measured['plots']>[number] {
  return {
    kind: 'lines',
    name: 'history',
    title: 'Cost of 1,000 invoices, by what was settled before',
    x: { label: 'settled invoices in the ledger', scale: 'log' },
    y: { label: `times the cost with ${small.toLocaleString('en')}` },
    series: [{ label: 'claim, load and settle', x: [small, ...sizes], y: [1, ...ratios] }],
  };
}

async function ledgerAt(serverUrl: string, name: string): Promise<PostgresLedger> {
  const admin = createLedger({ databaseUrl: serverUrl, vaultKey: randomBytes(32) });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const ledger = createLedger({
    databaseUrl: url.href,
    vaultKey: randomBytes(32),
    silenceMsMax: STATEMENT_MS_MAX,
  });
  await ledger.migrate();
  const now = new Date();
  const secret = { type: 'ksefToken', token: 'a-token' } as const;
  await ledger.putCredentials({ owner: { sharedName: SHARED_LOGIN }, secret, actor: 'bench', now });
  await ledger.bindSharedCredentials({ nip: NIP, sharedName: SHARED_LOGIN, actor: 'bench', now });
  return ledger;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
