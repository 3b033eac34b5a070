/** `npm run chaos -- --seed S --runs N`: plays runs and says what they came to; findings make it end with 1. */
import { randomInt } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { folderOf, playAll } from './lanes.ts';
import { planOf } from './plan.ts';
import { lineOf, pageOf, wordsOf } from './report.ts';
import type { RunResult } from './run.ts';
import { summaryOf } from './summary.ts';

const SEEDS = 1_000_000;

const optionsSchema = z.strictObject({
  seed: z.coerce.number().int().nonnegative().optional(),
  runs: z.coerce.number().int().positive(),
  lanes: z.coerce.number().int().min(1).max(16),
  quick: z.boolean(),
  report: z.boolean(),
  plan: z.boolean(),
  fault: z.array(z.string()),
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      runs: { type: 'string', default: '1' },
      lanes: { type: 'string', default: '4' },
      quick: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  return optionsSchema.parse(values);
}

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'reliability.md');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  const { seed: from = randomInt(SEEDS), runs, lanes, quick, report, plan, fault } = readOptions();
  const pace = quick ? 'quick' : 'whole';
  const seeds = Array.from({ length: runs }, (_, place) => from + place);
  if (plan)
    return say(
      JSON.stringify(
        seeds.map((seed) => planOf(seed, pace, fault)),
        null,
        2,
      ),
    );
  const folder = await mkdtemp(join(tmpdir(), 'wsad-chaos-'));
  const orders = seeds.map((seed) => ({ plan: planOf(seed, pace, fault) }));
  const results: RunResult[] = [];
  // Ctrl+C: what has been played counts, in the order of its seeds.
  const enough = new AbortController();
  process.once('SIGINT', () => enough.abort());
  let broken = 0;
  await playAll({
    ...{ runs: orders, lanes, folder, enough: enough.signal },
    onPlayed(result, order) {
      results.push(result);
      say(`${results.length}/${runs} ${lineOf(result)}`);
      if (result.findings.length > 0)
        say(
          `    kept: ${folderOf(folder, orders.indexOf(order), order)}\n    again: npm run chaos -- --seed ${result.seed}${quick ? ' --quick' : ''}`,
        );
    },
    onBroken(why, { plan }) {
      broken += 1;
      say(`seed ${plan.seed} could not be played: ${why}`);
    },
  });
  const summary = summaryOf(results);
  if (broken > 0) say(`\n${broken} runs could not be played, see above`);
  say(`\n${wordsOf(summary)}`);
  const command = `npm run chaos -- --seed ${from} --runs ${results.length + broken}${quick ? ' --quick' : ''} --report`;
  if (report) await writeFile(PAGE, pageOf(summary, command));
  process.exitCode = broken > 0 || results.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

await main();
