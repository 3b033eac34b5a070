/** wsad under every fault of the emulator's catalogue, one by one; docs/fault-outcomes.md is what came out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_CATALOGUE } from '@wsad/emulator';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Course, extraCalls, openTheatre, type Theatre } from './support/fault-outcomes.ts';
import { INVOICES, type Stage, stagesOf } from './support/fault-stages.ts';

const PAGE = join(repoRoot, 'docs', 'fault-outcomes.md');
const names = Object.keys(FAULT_CATALOGUE);
/** Faults that are themselves KSeF's word that calls came too fast. */
const TOO_FAST = /-429$/;

const calm = new Map<string, Promise<Course>>();
const rows = new Map<string, string[]>();

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre.close());

describe('under each fault nothing is lost, left undone or registered twice', () => {
  it.each(names)('%s', async (name) => {
    const told: string[] = [];
    for (const stage of stagesOf(name)) {
      const course = await theatre.course(name, stage);
      expect(course.broken).toEqual([]);
      expect(course.met).toBe(true);
      if (!TOO_FAST.test(name)) expect(course.rateLimited).toBe(0);
      told.push(rowOf(name, stage, course, await calmCourse(stage)));
    }
    rows.set(
      name,
      told.length === 0 ? [`| ${name} | ${titleOf(name)} | | wsad makes no such call | | |`] : told,
    );
  });

  it('as docs/fault-outcomes.md says', () => {
    expect(rows.size).toBe(names.length);
    // Beside the checkout, so that whoever changes the table can take it from there.
    writeFileSync(join(tmpdir(), 'fault-outcomes.md'), page());
    expect(endsIn(page())).toEqual(endsIn(readFileSync(PAGE, 'utf8')));
  });
});

/** Fault, title, how it was sent and what came of it; calls and times beyond that depend on what goes side by side. */
function endsIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').slice(0, 4).join(' | '));
}

/** The same without the fault, made once for each stage. */
function calmCourse(stage: Stage): Promise<Course> {
  const key = JSON.stringify(stage);
  const course = calm.get(key) ?? theatre.course(null, stage);
  calm.set(key, course);
  return course;
}

function rowOf(name: string, stage: Stage, course: Course, without: Course): string {
  const extra = extraCalls(course, without);
  const sentAs = `${INVOICES[stage.sentAs]} ${stage.sentAs}`;
  return `| ${name} | ${titleOf(name)} | ${sentAs} | ${course.outcome} | ${extra} | ${lasting(course.tookMs)} |`;
}

function titleOf(name: string): string {
  return FAULT_CATALOGUE[name]?.title ?? '';
}

/** Coarse where it is long: sends that go side by side share out a lasting fault now so, now so. */
function lasting(ms: number): string {
  if (ms === 0) return '';
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? 'minutes' : 'hours';
}

function page(): string {
  return [
    '# What becomes of invoices under each fault',
    '',
    "Every fault of the emulator's catalogue, switched on once and alone, while wsad sends six invoices in a batch session or",
    'three in an interactive one. `npm test` makes this page anew and fails where an outcome is another, or anything was lost, left undone',
    'or registered twice. Extra calls are those beyond the same without the fault; time is from acceptance to the last end, by',
    'the clock of KSeF and wsad, and empty where a person is waited for.',
    '',
    '| fault | what happens | sent as | outcome | extra calls | time |',
    '|---|---|---|---|---|---|',
    ...names.flatMap((name) => rows.get(name) ?? []),
    '',
  ].join('\n');
}
