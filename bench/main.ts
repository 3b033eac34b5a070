/**
 * `npm run bench`: measures, prints the figures, writes them with plots to bench/results and redraws docs/performance.md. `-- --only NAME` runs one
 * and leaves the figures of the others; `-- --smoke` runs each as small as it can be, and writes nothing.
 */
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './src/benchmarks.ts';
import { type Benchmark, measure } from './src/measure.ts';
import { redrawPage } from './src/page.ts';
import { drawPlots } from './src/plots.ts';
import { dropped, latestResults, merged, type Result, thisMachine, writeResults } from './src/results.ts';
import { sharedCacheNs } from './src/shared-cache.ts';
import { measureInThread } from './src/simulated.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, smoke: { type: 'boolean', default: false } },
});
const chosen = BENCHMARKS.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  const names = BENCHMARKS.map(({ name }) => name).join(', ');
  process.stderr.write(`there is no benchmark "${values.only}"; there are ${names}\n`);
  process.exit(2);
}

const begunAt = performance.now();
const results: Record<string, Result> = {};
const simulated = chosen.filter(({ isSimulated = false }) => isSimulated);
for (const benchmark of chosen) {
  if (simulated.includes(benchmark) && benchmark !== simulated[0]) continue;
  // Before anything of it runs.
  const cacheNs = Math.round(sharedCacheNs());
  if (benchmark !== simulated[0]) await run(benchmark, measure, cacheNs);
  else await Promise.all(simulated.map((each) => run(each, measureInThread, cacheNs)));
}

process.stdout.write(`\nall of it took ${Math.round((performance.now() - begunAt) / 1_000)} s\n`);

async function run(benchmark: Benchmark, measured: typeof measure, cacheNs: number): Promise<void> {
  const { name, what } = benchmark;
  const startedAt = performance.now();
  const { figures, plots } = await measured(benchmark, { smoke: values.smoke });
  const elapsedMs = Math.round(performance.now() - startedAt);
  results[name] = { measuredAt: new Date().toISOString(), elapsedMs, sharedCacheNs: cacheNs, figures, plots };
  process.stdout.write(`\n${name}: ${what}\n`);
  for (const [figure, value] of Object.entries(figures))
    process.stdout.write(`  ${figure.padEnd(44)} ${String(value).padStart(10)}\n`);
  process.stdout.write(
    `  measured in ${Math.round(elapsedMs / 1_000)} s, the shared cache at ${cacheNs} ns\n`,
  );
}

if (!values.smoke) {
  const before = await latestResults();
  const measured = merged(before, { machine: thisMachine(), results });
  const gone = dropped(before, measured);
  if (gone.length > 0)
    process.stdout.write(`\nno longer kept, being of another machine or Node: ${gone.join(', ')}\n`);
  await writeResults(measured);
  await drawPlots(measured);
  await redrawPage(measured);
}
