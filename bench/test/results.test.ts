/** What latest.json keeps of earlier runs, and how plots are drawn. */
import { describe, expect, it } from 'vitest';
import { measure, plotSchema } from '../src/measure.ts';
import { draw } from '../src/plots.ts';
import { dropped, merged, type Result, type Results, thisMachine } from '../src/results.ts';
import { throughputOf } from '../src/throughput.ts';

const machine = thisMachine();
const result = (measuredAt: string, figures: Record<string, number>): Result => ({
  measuredAt,
  figures,
  plots: [],
});
const results = (of: Results['results'], on = machine): Results => ({ machine: on, results: of });

describe('latest.json', () => {
  it('keeps the figures of benchmarks that did not run now, with their own moment', () => {
    const before = results({ one: result('monday', { ms: 1 }), two: result('monday', { ms: 2 }) });
    const now = results({ two: result('tuesday', { ms: 3 }) });
    expect(merged(before, now).results).toEqual({
      one: result('monday', { ms: 1 }),
      two: result('tuesday', { ms: 3 }),
    });
  });

  it('knows a machine again whose kernel keeps some kilobytes more for itself, and another by its memory', () => {
    const one = { one: result('monday', { ms: 1 }) };
    const now = results({ two: result('tuesday', { ms: 3 }) });
    const after = (memoryBytes: number) => merged(results(one, { ...machine, memoryBytes }), now).results;
    expect(after(machine.memoryBytes - 12_288)).toMatchObject(one);
    expect(after(2 * machine.memoryBytes)).toEqual(now.results);
  });

  it('keeps nothing of another machine', () => {
    const before = results({ one: result('monday', { ms: 1 }) }, { ...machine, node: 'v1.2.3' });
    const now = results({ two: result('tuesday', { ms: 3 }) });
    expect(merged(before, now)).toEqual(now);
    expect(dropped(before, now)).toEqual(['one']);
    expect(merged(null, now)).toEqual(now);
    expect(dropped(null, now)).toEqual([]);
  });

  it('takes no figure that is no number', async () => {
    const broken = { name: 'broken', what: '', run: async () => ({ ratio: 0 / 0 }) };
    await expect(measure(broken, {})).rejects.toThrow('broken: ratio is NaN');
  });

  it('rounds figures and plots to three digits', async () => {
    const series = [{ label: 'wsad', x: [1, 2], y: [1.23456, 1000.4] }];
    const plot = {
      kind: 'lines',
      name: 'a',
      title: 'A',
      x: { label: 'x' },
      y: { label: 'y' },
      series,
    } as const;
    const run = async () => ({ figures: { ms: 12.3456 }, plots: [plot] });
    const { figures, plots } = await measure({ name: 'fine', what: '', run }, {});
    expect(figures).toEqual({ ms: 12.3 });
    expect(plots).toMatchObject([{ series: [{ y: [1.23, 1000] }] }]);
  });
});

describe('plots', () => {
  it('draw a line through every point that an axis has a place for', () => {
    const svg = draw(
      plotSchema.parse({
        kind: 'lines',
        name: 'waiting',
        title: 'Waiting & load <test>',
        x: { label: 'invoices an hour', scale: 'log' },
        y: { label: 'seconds' },
        series: [
          { label: 'wsad', x: [0, 10, 100, 1_000], y: [0, 1, 2, 3] },
          { label: 'at once', x: [10, 100], y: [3, 4] },
        ],
      }),
    );
    expect(svg.match(/<circle/g)).toHaveLength(5);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toContain('Waiting &#38; load &#60;test&#62;');
    expect(svg).not.toContain('NaN');
  });

  it('draw a bar for each stage that was measured', () => {
    const plot = throughputOf({ packaging: result('monday', { tarGzMs: 200, peerTarGzMs: 2_000 }) });
    expect(plot).toMatchObject({ bars: [{ value: 50_000 }, { value: 5_000 }] });
    expect(plot === null ? '' : draw(plot)).toContain('50,000');
    expect(throughputOf({})).toBeNull();
  });
});
