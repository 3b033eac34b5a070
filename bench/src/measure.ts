/** What a benchmark is: it runs, large or as a smoke of itself, and hands back figures and plots. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

/** Named figures: sizes, times, and ratios between things that were measured in the same run. */
export interface Figures {
  readonly [figure: string]: number;
}

const axis = z.object({ label: z.string(), scale: z.enum(['linear', 'log']).default('linear') });

export const plotSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lines'),
    /** Of the file: `memory` makes bench/results/memory.svg. */
    name: z.string().regex(/^[a-z-]+$/),
    title: z.string(),
    x: axis,
    y: axis,
    series: z.array(z.object({ label: z.string(), x: z.array(z.number()), y: z.array(z.number()) })).min(1),
  }),
  z.object({
    kind: z.literal('bars'),
    name: z.string().regex(/^[a-z-]+$/),
    title: z.string(),
    /** What the length of a bar says. */
    x: axis,
    bars: z.array(z.object({ label: z.string(), value: z.number(), ours: z.boolean() })).min(1),
  }),
]);

/** Lines over an axis, or bars one below another: ours and theirs. */
export type Plot = z.input<typeof plotSchema>;
export type DrawnPlot = z.output<typeof plotSchema>;

export interface Measured {
  readonly figures: Figures;
  readonly plots?: readonly Plot[];
}

/** Checked and rounded: as latest.json keeps it. */
export interface Drawn {
  readonly figures: Figures;
  readonly plots: DrawnPlot[];
}

export interface RunOptions {
  /** Everything as small as it can be: it shows that the benchmark still runs, and measures nothing. */
  readonly smoke?: boolean;
}

export interface Benchmark {
  readonly name: string;
  readonly what: string;
  /** In a simulated time: its figures do not depend on the machine, nor on what runs beside it. */
  readonly isSimulated?: boolean;
  run(options?: RunOptions): Promise<Figures | Measured>;
}

export async function measure({ name, run }: Benchmark, options: RunOptions): Promise<Drawn> {
  const outcome = await run(options);
  const { figures, plots = [] } = isMeasured(outcome) ? outcome : { figures: outcome };
  for (const [figure, value] of Object.entries(figures))
    if (!Number.isFinite(value)) throw new Error(`${name}: ${figure} is ${value}`);
  return { figures: rounded(figures), plots: plots.map((plot) => roundedPlot(plotSchema.parse(plot))) };
}

function isMeasured(outcome: Figures | Measured): outcome is Measured {
  return typeof outcome.figures === 'object';
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** So that nobody pays for what another one left behind: its memory, and what is to be closed with it. */
async function cleanHeap(): Promise<void> {
  if (typeof collectGarbage === 'function') collectGarbage();
  await nextTurn();
}

/** Best of a few rounds that take turns, so that a busy moment hits all alike. Milliseconds by name. */
export async function bestOf(
  rounds: number,
  work: Readonly<Record<string, () => Promise<unknown> | unknown>>,
): Promise<Record<string, number>> {
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      await cleanHeap();
      const startedAt = performance.now();
      await run();
      const elapsedMs = performance.now() - startedAt;
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, elapsedMs);
    }
  }
  return best;
}

/** Figures of one row of the page: `name.figure`. */
export function named(name: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${name}.${figure}`, value]));
}

/** More digits than these are noise. */
const DIGITS = 3;

function rounded(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, digits(value)]));
}

function roundedPlot(plot: DrawnPlot): DrawnPlot {
  if (plot.kind === 'bars')
    return { ...plot, bars: plot.bars.map((bar) => ({ ...bar, value: digits(bar.value) })) };
  const series = plot.series.map(({ label, x, y }) => ({ label, x: x.map(digits), y: y.map(digits) }));
  return { ...plot, series };
}

function digits(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
