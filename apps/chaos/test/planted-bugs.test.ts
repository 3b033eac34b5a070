import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithRedis } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindingName } from '../src/checker.ts';
import { type Order, playAll } from '../src/lanes.ts';
import { PLANTED_BUGS } from './support/plants.ts';

const LANES = 4;
const MOST_MS = 400_000;

describeWithRedis('the checker', () => {
  let folder: string;
  const found = new Map<Order, FindingName[]>();
  const broken: string[] = [];
  const withoutBugs: Order[] = PLANTED_BUGS.map(({ plan }) => ({ plan }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wsad-planted-'));
    await playAll({
      ...{ runs: [...PLANTED_BUGS, ...withoutBugs], lanes: LANES, folder },
      onPlayed: ({ findings }, order) =>
        void found.set(order, [...new Set(findings.map(({ name }) => name))]),
      onBroken: (why) => void broken.push(why),
    });
  }, MOST_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(PLANTED_BUGS)('catches a bug planted in wsad: $bug', (bug) => {
    expect(broken).toEqual([]);
    expect(found.get(bug)).toContain(bug.finding);
  });

  it('has nothing to say of the same trouble without the bugs', () => {
    expect(withoutBugs.map((order) => found.get(order))).toEqual(withoutBugs.map(() => []));
  });
});
