/** bench/results/latest.json: what each benchmark last measured on this machine. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { plotSchema } from './measure.ts';

const machineSchema = z.object({
  cores: z.number(),
  model: z.string(),
  memoryBytes: z.number(),
  node: z.string(),
});

const resultSchema = z.object({
  measuredAt: z.string(),
  /** What measuring took; of those in simulated time beside each other. All of it has to fit in a quarter of an hour. */
  elapsedMs: z.number().optional(),
  /** Of the machine just before: see shared-cache.ts. */
  sharedCacheNs: z.number().optional(),
  figures: z.record(z.string(), z.number()),
  plots: z.array(plotSchema),
});

export const resultsSchema = z.object({
  machine: machineSchema,
  results: z.record(z.string(), resultSchema),
});

export type Machine = z.infer<typeof machineSchema>;
export type Result = z.infer<typeof resultSchema>;
export type Results = z.infer<typeof resultsSchema>;

export const RESULTS_FOLDER = new URL('../results/', import.meta.url);
const LATEST = new URL('latest.json', RESULTS_FOLDER);

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
  };
}

/** Nothing where there is no such file, or none that this version can read. */
export async function latestResults(): Promise<Results | null> {
  try {
    return resultsSchema.parse(JSON.parse(await readFile(LATEST, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * A run of a single benchmark leaves the figures of the others as they were, each with its own moment; unless they are
 * of another machine or another Node, whose figures would not bear a comparison.
 */
export function merged(before: Results | null, now: Results): Results {
  const comparable = before !== null && machineOf(before) === machineOf(now);
  return comparable ? { ...now, results: { ...before.results, ...now.results } } : now;
}

/** Benchmarks whose figures were there before and are not any more. */
export function dropped(before: Results | null, now: Results): string[] {
  return Object.keys(before?.results ?? {}).filter((name) => !(name in now.results));
}

/** A kernel keeps some kilobytes more for itself at one start than at another: the same memory all the same. */
function machineOf({ machine: { memoryBytes, ...machine } }: Results): string {
  return JSON.stringify({ ...machine, memoryGib: Math.round(memoryBytes / 2 ** 30) });
}

export async function writeResults(results: Results): Promise<void> {
  await mkdir(RESULTS_FOLDER, { recursive: true });
  await writeFile(LATEST, `${JSON.stringify(results, null, 2)}\n`);
}
