import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithRedis } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { playAll } from '../src/lanes.ts';
import { planOf } from '../src/plan.ts';
import { lineOf, wordsOf } from '../src/report.ts';
import type { RunResult } from '../src/run.ts';
import { summaryOf } from '../src/summary.ts';

const IN_CI = process.env.CI === 'true';
const RUNS = IN_CI ? 40 : 4;
const FIRST_SEED = 1;
const LANES = 4;
const MOST_MS = 480_000;

describeWithRedis('chaos (40 runs under CI=true, else 4)', () => {
  it(
    `loses nothing and sends nothing twice in ${RUNS} runs`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'wsad-chaos-'));
      const results: RunResult[] = [];
      const broken: string[] = [];
      await playAll({
        runs: Array.from({ length: RUNS }, (_, place) => ({ plan: planOf(FIRST_SEED + place, 'quick') })),
        ...{ lanes: LANES, folder },
        onPlayed: (result) => void results.push(result),
        onBroken: (why, { plan }) => void broken.push(`seed ${plan.seed}: ${why}`),
      });
      process.stdout.write(`${wordsOf(summaryOf(results))}\n`);
      const bad = results.filter(({ findings }) => findings.length > 0).map(lineOf);
      expect([...broken, ...bad], `the runs' folders are kept in ${folder}`).toEqual([]);
      expect(results).toHaveLength(RUNS);
      await rm(folder, { recursive: true, force: true });
    },
    MOST_MS,
  );
});
