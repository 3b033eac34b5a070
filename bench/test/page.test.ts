/** docs/performance.md says what latest.json says, shows every benchmark, and points only at plots that are drawn. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../src/benchmarks.ts';
import { PAGE, withTables } from '../src/page.ts';
import { latestResults, thisMachine } from '../src/results.ts';

const page = readFileSync(PAGE, 'utf8');

describe('docs/performance.md', () => {
  it('has the figures of latest.json', async () => {
    const latest = await latestResults();
    if (latest === null) throw new Error('bench/results/latest.json cannot be read');
    expect(page).toBe(withTables(page, latest));
  });

  it('has a table for each benchmark, and no other', () => {
    const tables = [...page.matchAll(/<!-- figures: ([a-z-]+) -->/g)].map(([, name]) => name);
    expect(tables.toSorted()).toEqual(BENCHMARKS.map(({ name }) => name).toSorted());
  });

  it('points at plots that are there', () => {
    const plots = [...page.matchAll(/\]\((\.\.\/bench\/results\/[^)]+)\)/g)].map(([, path = '']) => path);
    expect(plots).not.toHaveLength(0);
    for (const path of plots) expect([path, existsSync(new URL(path, PAGE))]).toEqual([path, true]);
  });
});

describe('a table', () => {
  it('has a row for a figure, or one for all that share the name before the last dot', () => {
    const figures = { ratio: 1.23, 'shop.wsad.mean': 4_000, 'shop.wsad.p99': 9 };
    const results = { one: { measuredAt: '', figures, plots: [] } };
    const drawn = withTables('<!-- figures: one -->\n<!-- end of figures -->', {
      machine: thisMachine(),
      results,
    });
    expect(drawn.split('\n').slice(1, -1)).toEqual([
      '|  | figure | mean | p99 |',
      '| --- | ---: | ---: | ---: |',
      '| `ratio` | 1.23 |  |  |',
      '| `shop.wsad` |  | 4,000 | 9 |',
    ]);
  });
});
