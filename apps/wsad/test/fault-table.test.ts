/** wsad under every fault of the emulator's catalogue, one by one; the table in docs/fault-outcomes.md is what came out. */
import { join } from 'node:path';
import { FAULT_CATALOGUE } from '@wsad/emulator';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Course, courseUnder, extraCalls, SHAPES, type Shape } from './support/fault-outcomes.ts';

const PAGE = join(repoRoot, 'docs', 'fault-outcomes.md');
const shapes = Object.keys(SHAPES) as Shape[];
const names = Object.keys(FAULT_CATALOGUE);
/** The faults that are KSeF's own word that calls came too fast. */
const TOO_FAST = /429/;

const calm = new Map<Shape, Course>();
const rows = new Map<string, string[]>();

beforeAll(async () => {
  for (const shape of shapes) calm.set(shape, await courseUnder(null, shape));
});

describe('under the fault', () => {
  it.each(names)('%s nothing is lost, registered twice or left undone', async (name) => {
    const cells: string[] = [];
    for (const shape of shapes) {
      const course = await courseUnder(name, shape);
      expect(course.broken).toEqual([]);
      if (!TOO_FAST.test(name)) expect(course.rateLimited).toBe(0);
      cells.push(...cellsOf(course, calm.get(shape)));
    }
    rows.set(name, cells);
  });
});

describe('the table', () => {
  let page: string;
  beforeAll(() => {
    page = written();
  });

  it('of docs/fault-outcomes.md is what came out', async () => {
    expect(rows.size).toBe(names.length);
    await expect(page).toMatchFileSnapshot(PAGE);
  });
});

afterAll(() => rows.clear());

function cellsOf(course: Course, without: Course | undefined): string[] {
  if (without === undefined) throw new Error('there is no course without a fault to compare with');
  const extra = extraCalls(course, without);
  const untouched =
    extra === 'none' && course.outcome === without.outcome && course.tookMs === without.tookMs;
  return untouched ? ['as without', '', ''] : [course.outcome, extra, lasting(course.tookMs)];
}

function lasting(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

function written(): string {
  const heads = shapes.map((shape) => `${shape} of ${SHAPES[shape]} | extra calls | time`);
  return [
    '# What becomes of invoices under each fault',
    '',
    "Every fault of the emulator's catalogue, switched on alone, while wsad sends six invoices in a batch session and three in",
    'an interactive one. `npm test` makes this page: it fails where anything came out otherwise, was lost or registered twice.',
    'Extra calls are those beyond a run without a fault; time is from acceptance to the last end, by the clock of KSeF and wsad.',
    '',
    `| fault | what happens | ${heads.join(' | ')} |`,
    `|${'---|'.repeat(2 + 3 * shapes.length)}`,
    ...names.map(
      (name) => `| ${name} | ${FAULT_CATALOGUE[name]?.title ?? ''} | ${(rows.get(name) ?? []).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
