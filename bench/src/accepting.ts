/**
 * Taking invoices in over HTTP, checked and durable, against parsing and the XSD alone on the same cores. The API is a
 * process of its own over a PostgreSQL that flushes every commit; both take turns with the bare check.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@wsad/embedded';
import { type ApiProcess, startApiProcess } from './accepting/api-process.ts';
import { type BareCheck, startBareCheck } from './accepting/bare-check.ts';
import {
  jsonOf,
  newInvoices,
  putCredentials,
  submit,
  submitAtOnce,
  submitEach,
  zipOf,
} from './accepting/calls.ts';
import type { Benchmark, Figures } from './measure.ts';

const ARCHIVE_INVOICES = 10_000;
const CALL_INVOICES = 1_000;
/** So many that the rate is one that lasts: while the last calls wait for the disk there is nothing left to check. */
const CALLS = 30;
const CALLS_AT_ONCE = 4;
/** A second and a half of them. */
const SINGLE_CALLS = 400;
const SINGLE_CALLS_AT_ONCE = 32;
/** V8 is done compiling what counts after two. */
const ROUNDS = 3;
const PEAKS = 3;
/** Together just below the 256 MB that a call may bring. */
const LARGE_INVOICES = 13_000;
const LARGE_INVOICE_LINES = 60;
const MEGABYTE = 1_000_000;

export const accepting: Benchmark = {
  name: 'accepting',
  what: 'invoices a second over HTTP into PostgreSQL, against the bare XSD check on the same cores',
  async run({ smoke = false } = {}) {
    const dataDir = await mkdtemp(join(tmpdir(), 'wsad-bench-'));
    const postgres = await startEmbeddedPostgres({ dataDir });
    const start = () => startApiProcess(postgres.url);
    try {
      return { ...(await rates(start, smoke ? 20 : 1)), ...(await memory(start, smoke ? 20 : 1)) };
    } finally {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

type Start = () => Promise<ApiProcess>;

/** Best of a few rounds that take turns, after one that warms everything up. `share` makes all smaller. */
async function rates(start: Start, share: number): Promise<Figures> {
  const fresh = newInvoices('R');
  const archive = ARCHIVE_INVOICES / share;
  const api = await start();
  const bare = await startBareCheck(fresh(archive));
  try {
    await putCredentials(api);
    await round(api, bare, fresh, share * 2);
    let best: Figures = {};
    for (let at = 0; at < ROUNDS; at += 1) best = least(best, await round(api, bare, fresh, share));
    return figuresOf(best, share);
  } finally {
    await bare.close();
    await api.close();
  }
}

/** Milliseconds of everything once. */
async function round(
  api: ApiProcess,
  bare: BareCheck,
  fresh: (count: number) => Buffer[],
  share: number,
): Promise<Figures> {
  const archive = zipOf(fresh(ARCHIVE_INVOICES / share));
  const calls = (pack: (files: readonly Buffer[]) => Buffer) =>
    Array.from({ length: CALLS }, () => pack(fresh(CALL_INVOICES / share)));
  const [zips, jsons] = [calls(zipOf), calls(jsonOf)];
  const each = CALL_INVOICES / share;
  return {
    bareMs: await bare.run(),
    archiveMs: await submit(api, 'application/zip', archive, ARCHIVE_INVOICES / share),
    zipMs: await submitAtOnce(api, 'application/zip', zips, each, CALLS_AT_ONCE),
    jsonMs: await submitAtOnce(api, 'application/json', jsons, each, CALLS_AT_ONCE),
    singleMs: await submitEach(api, fresh(SINGLE_CALLS / share), SINGLE_CALLS_AT_ONCE),
  };
}

function least(left: Figures, right: Figures): Figures {
  return Object.fromEntries(
    Object.entries(right).map(([name, figure]) => [
      name,
      Math.min(figure, left[name] ?? Number.POSITIVE_INFINITY),
    ]),
  );
}

function figuresOf(best: Figures, share: number): Figures {
  const perSecond = (invoices: number, name: string) =>
    (invoices * 1_000) / share / (best[name] ?? Number.NaN);
  const bare = perSecond(ARCHIVE_INVOICES, 'bareMs');
  const zip = perSecond(CALLS * CALL_INVOICES, 'zipMs');
  const json = perSecond(CALLS * CALL_INVOICES, 'jsonMs');
  const archive = perSecond(ARCHIVE_INVOICES, 'archiveMs');
  return {
    barePerSecond: bare,
    zipPerSecond: zip,
    jsonPerSecond: json,
    singleCallsPerSecond: perSecond(SINGLE_CALLS, 'singleMs'),
    archiveMs: best.archiveMs ?? Number.NaN,
    zipToBare: zip / bare,
    jsonToBare: json / bare,
    archiveToBare: archive / bare,
  };
}

/**
 * Each in an API process of its own, whose peak is what the calls cost; nothing where the system does not tell. The same
 * invoices come as ten calls in turn and as one: an API that held a call would grow by it.
 */
async function memory(start: Start, share: number): Promise<Figures> {
  const fresh = newInvoices('M');
  const large = newInvoices('L', LARGE_INVOICE_LINES)(LARGE_INVOICES / share);
  const json = jsonOf(large);
  const zips = (invoicesEach: number) => async (api: ApiProcess) => {
    for (let sent = 0; sent < ARCHIVE_INVOICES / share; sent += invoicesEach)
      await submit(api, 'application/zip', zipOf(fresh(invoicesEach)), invoicesEach);
  };
  const inTen = await leastPeak(start, 'tenCallsPeakMb', zips(CALL_INVOICES / share));
  const atOnce = await leastPeak(start, 'archivePeakMb', zips(ARCHIVE_INVOICES / share));
  return {
    ...(await peak(start, 'idlePeakMb', async () => {})),
    ...inTen,
    ...atOnce,
    ...grown(inTen.tenCallsPeakMb, atOnce.archivePeakMb),
    largestCallMb: json.length / MEGABYTE,
    ...(await peak(start, 'largestCallPeakMb', async (api) => {
      await submit(api, 'application/json', json, large.length);
    })),
  };
}

function grown(inTenMb: number | undefined, atOnceMb: number | undefined): Figures {
  return inTenMb === undefined || atOnceMb === undefined ? {} : { archiveGrowthMb: atOnceMb - inTenMb };
}

/** The least of a few processes: a peak depends on when the garbage collector comes, and both ways get the same chance. */
async function leastPeak(
  start: Start,
  name: string,
  work: (api: ApiProcess) => Promise<void>,
): Promise<Figures> {
  let lowest: Figures = {};
  for (let at = 0; at < PEAKS; at += 1) lowest = least(lowest, await peak(start, name, work));
  return lowest;
}

async function peak(start: Start, name: string, work: (api: ApiProcess) => Promise<void>): Promise<Figures> {
  const api = await start();
  try {
    await work(api);
    const bytes = await api.peakBytes();
    return bytes === null ? {} : { [name]: bytes / MEGABYTE };
  } finally {
    await api.close();
  }
}
