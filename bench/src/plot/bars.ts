/** A plot of bars, one below another: ours and what they are held against. */
import { scaleLinear } from 'd3-scale';
import type { DrawnPlot } from '../measure.ts';
import { element, frame, px, readable, text, WIDTH } from './svg.ts';

type Bars = Extract<DrawnPlot, { kind: 'bars' }>;

const LEFT = 270;
const RIGHT = WIDTH - 90;
const TOP = 56;
const ROW = 30;
const THICK = 18;
const OURS = 0;
const THEIRS = 4;

export function drawBars({ title, x, bars }: Bars): string {
  const scale = scaleLinear([0, Math.max(...bars.map(({ value }) => value))], [0, RIGHT - LEFT]);
  const bottom = TOP + bars.length * ROW;
  const rows = bars.flatMap(({ label, value, ours }, index) => {
    const top = TOP + index * ROW;
    const middle = top + THICK / 2 + 5;
    const width = px(scale(value));
    return [
      text(label, { x: LEFT - 10, y: middle, 'text-anchor': 'end' }),
      element('rect', { class: `f${ours ? OURS : THEIRS}`, x: LEFT, y: top, width, height: THICK, rx: 3 }),
      text(readable(value), { class: 'note', x: LEFT + width + 8, y: middle }),
    ];
  });
  return frame(title, bottom + 36, [
    ...rows,
    element('line', { class: 'axis', x1: LEFT, x2: LEFT, y1: TOP - 6, y2: bottom - 4 }),
    text(x.label, { x: (LEFT + RIGHT) / 2, y: bottom + 18, 'text-anchor': 'middle' }),
  ]);
}
