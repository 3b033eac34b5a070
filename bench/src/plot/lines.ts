/** A plot of lines over two axes, either of which may be logarithmic. */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { DrawnPlot } from '../measure.ts';
import { COLOURS, element, frame, px, readable, text, WIDTH } from './svg.ts';

type Lines = Extract<DrawnPlot, { kind: 'lines' }>;
type Axis = Lines['x'];
type Line = Lines['series'][number];

const HEIGHT = 430;
const LEFT = 78;
const RIGHT = WIDTH - 28;
const BOTTOM = HEIGHT - 62;
const LEGEND_TOP = 60;
const LEGEND_ROW = 20;
const LETTER_WIDTH = 7;
const TICKS = 6;

export function drawLines({ title, x, y, series }: Lines): string {
  const legend = legendOf(series);
  const top = LEGEND_TOP + legend.rows * LEGEND_ROW;
  const across = scaleOf(
    x,
    series.flatMap((line) => line.x),
    [LEFT, RIGHT],
  );
  const up = scaleOf(
    y,
    series.flatMap((line) => line.y),
    [BOTTOM, top],
  );
  return frame(title, HEIGHT, [
    ...legend.drawn,
    ...up.ticks.flatMap((tick) => [
      element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: px(up.at(tick)), y2: px(up.at(tick)) }),
      text(readable(tick), { class: 'note', x: LEFT - 8, y: px(up.at(tick) + 4), 'text-anchor': 'end' }),
    ]),
    element('line', { class: 'axis', x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM }),
    ...across.ticks.flatMap((tick) => [
      element('line', {
        class: 'axis',
        x1: px(across.at(tick)),
        x2: px(across.at(tick)),
        y1: BOTTOM,
        y2: BOTTOM + 5,
      }),
      text(readable(tick), {
        class: 'note',
        x: px(across.at(tick)),
        y: BOTTOM + 20,
        'text-anchor': 'middle',
      }),
    ]),
    text(x.label, { x: (LEFT + RIGHT) / 2, y: HEIGHT - 16, 'text-anchor': 'middle' }),
    text(y.label, {
      transform: `translate(20 ${px((top + BOTTOM) / 2)}) rotate(-90)`,
      'text-anchor': 'middle',
    }),
    ...series.flatMap((line, place) => drawLine(line, place % COLOURS, across, up)),
  ]);
}

interface Scale {
  readonly ticks: readonly number[];
  /** NaN where a logarithmic axis has no place for it. */
  at(value: number): number;
}

/** A linear axis begins at nought, so that lengths can be compared. */
function scaleOf({ scale }: Axis, values: readonly number[], range: [number, number]): Scale {
  if (scale === 'linear') {
    const linear = scaleLinear([0, Math.max(...values, 0)], range).nice(TICKS);
    return { ticks: linear.ticks(TICKS), at: (value) => linear(value) };
  }
  const positive = values.filter((value) => value > 0);
  const log = scaleLog([Math.min(...positive), Math.max(...positive)], range).nice();
  const shown = log.tickFormat(TICKS);
  return { ticks: log.ticks(TICKS).filter((tick) => shown(tick) !== ''), at: (value) => log(value) };
}

function drawLine({ x, y }: Line, colour: number, across: Scale, up: Scale): string[] {
  const points = x
    .map((value, index) => [px(across.at(value)), px(up.at(y[index] ?? Number.NaN))] as const)
    .filter((point) => point.every(Number.isFinite));
  return [
    element('path', { class: `line s${colour}`, d: `M${points.map((point) => point.join(' ')).join('L')}` }),
    ...points.map(([cx, cy]) => element('circle', { class: `f${colour}`, cx, cy, r: 3 })),
  ];
}

function legendOf(series: readonly Line[]): { rows: number; drawn: string[] } {
  let row = 0;
  let left = LEFT;
  const drawn = series.flatMap(({ label }, place) => {
    const width = 36 + label.length * LETTER_WIDTH;
    if (left > LEFT && left + width > RIGHT) {
      row += 1;
      left = LEFT;
    }
    const middle = LEGEND_TOP + row * LEGEND_ROW - 4;
    const from = left;
    left += width;
    return [
      element('line', { class: `line s${place % COLOURS}`, x1: from, x2: from + 18, y1: middle, y2: middle }),
      text(label, { x: from + 24, y: middle + 4 }),
    ];
  });
  return { rows: row + 1, drawn };
}
