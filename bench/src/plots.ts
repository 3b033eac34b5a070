/** Draws what the benchmarks have measured, as SVG files beside the figures. */
import { mkdir, writeFile } from 'node:fs/promises';
import type { DrawnPlot } from './measure.ts';
import { drawBars } from './plot/bars.ts';
import { drawLines } from './plot/lines.ts';
import { RESULTS_FOLDER, type Results } from './results.ts';
import { throughputOf } from './throughput.ts';

export async function drawPlots({ results }: Results): Promise<void> {
  const throughput = throughputOf(results);
  const plots = [
    ...Object.values(results).flatMap((result) => result.plots),
    ...(throughput === null ? [] : [throughput]),
  ];
  await mkdir(RESULTS_FOLDER, { recursive: true });
  for (const plot of plots) await writeFile(new URL(`${plot.name}.svg`, RESULTS_FOLDER), draw(plot));
}

export function draw(plot: DrawnPlot): string {
  return plot.kind === 'lines' ? drawLines(plot) : drawBars(plot);
}
