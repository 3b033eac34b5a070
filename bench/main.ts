/** `npm run bench`: measures, prints a table and writes bench/results/latest.json. `-- --only NAME` runs one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { checking } from './src/checking.ts';
import { dispatchPlan } from './src/dispatch-plan.ts';
import { endToEnd } from './src/end-to-end.ts';
import { type Figures, rounded } from './src/measure.ts';
import { packaging } from './src/packaging.ts';
import { peerUpload } from './src/peer-upload.ts';

const BENCHMARKS = [packaging, checking, dispatchPlan, endToEnd, peerUpload];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = BENCHMARKS.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  const names = BENCHMARKS.map(({ name }) => name).join(', ');
  process.stderr.write(`there is no benchmark "${values.only}"; there are ${names}\n`);
  process.exit(2);
}

const results: Record<string, Figures> = {};
for (const { name, what, run } of chosen) {
  process.stdout.write(`\n${name}: ${what}\n`);
  const figures = rounded(await run());
  results[name] = figures;
  for (const [figure, value] of Object.entries(figures)) {
    process.stdout.write(`  ${figure.padEnd(28)} ${String(value).padStart(10)}\n`);
  }
}

const machine = {
  cores: availableParallelism(),
  model: cpus()[0]?.model ?? 'unknown',
  memoryBytes: totalmem(),
  node: process.version,
};
const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
const measured = { measuredAt: new Date().toISOString(), machine, results };
await writeFile(new URL('latest.json', folder), `${JSON.stringify(measured, null, 2)}\n`);
