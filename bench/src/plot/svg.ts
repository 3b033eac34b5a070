/** SVG text: elements, and the frame that every plot stands in. Readable on a light page and on a dark one. */

export const WIDTH = 760;
const MARGIN = 24;
const TITLE_BASELINE = 34;

export type Attributes = Readonly<Record<string, string | number>>;

/** Colours by place of a series; `ours` is the first. */
export const COLOURS = 5;

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return content === ''
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${content}</${name}>`;
}

export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content));
}

export function frame(title: string, height: number, content: readonly string[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    role: 'img',
    'aria-label': title,
  };
  const all = [
    element('style', {}, STYLE),
    element('rect', { class: 'page', width: WIDTH, height, rx: 8 }),
    text(title, { class: 'title', x: MARGIN, y: TITLE_BASELINE }),
    ...content,
  ];
  return `${element('svg', attributes, `\n${all.join('\n')}\n`)}\n`;
}

/** To a tenth of a pixel, so that files stay small. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

/** 12,000 and 0.25: as they are read. */
export function readable(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const LIGHT = ['#0b66c3', '#d9480f', '#2b8a3e', '#862e9c', '#5f6b76'];
const DARK = ['#6cb6ff', '#ffa657', '#7ee787', '#d2a8ff', '#a8b3be'];

const STYLE = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}',
  '.title{font-weight:600;font-size:16px}.note{fill:var(--faint);font-size:12px}',
  '.page{fill:var(--page)}.grid{stroke:var(--grid);stroke-width:1}.axis{stroke:var(--faint);stroke-width:1}',
  '.line{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}',
  themed(':root', '#ffffff', '#1f2328', '#636c76', '#e4e8ec', LIGHT),
  `@media(prefers-color-scheme:dark){${themed(':root', '#0d1117', '#e6edf3', '#9198a1', '#2a313a', DARK)}}`,
  ...LIGHT.map((_, place) => `.s${place}{stroke:var(--s${place})}.f${place}{fill:var(--s${place})}`),
].join('');

function themed(
  where: string,
  page: string,
  ink: string,
  faint: string,
  grid: string,
  colours: readonly string[],
): string {
  const series = colours.map((colour, place) => `--s${place}:${colour}`).join(';');
  return `${where}{--page:${page};--ink:${ink};--faint:${faint};--grid:${grid};${series}}`;
}
