/** docs/performance.md: its tables are drawn from latest.json, each between a pair of markers. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Figures } from './measure.ts';
import { readable } from './plot/svg.ts';
import type { Results } from './results.ts';

export const PAGE = new URL('../../docs/performance.md', import.meta.url);
const MARKED = /(<!-- figures: ([a-z-]+) -->\n)[\s\S]*?(<!-- end of figures -->)/g;

export async function redrawPage(results: Results): Promise<void> {
  await writeFile(PAGE, withTables(await readFile(PAGE, 'utf8'), results));
}

export function withTables(page: string, { results }: Results): string {
  return page.replace(MARKED, (_, begin: string, name: string, end: string) => {
    const result = results[name];
    const drawn = result === undefined ? 'Not measured yet.' : tableOf(result.figures);
    return `${begin}${drawn}\n${end}`;
  });
}

/** A figure a row; names with a dot make a row of what is before the last one, and a column of what is after it. */
function tableOf(figures: Figures): string {
  const names = Object.keys(figures);
  const cells = names.map((name) => {
    const dot = name.lastIndexOf('.');
    return {
      row: dot < 0 ? name : name.slice(0, dot),
      column: dot < 0 ? 'figure' : name.slice(dot + 1),
      name,
    };
  });
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...Map.groupBy(cells, ({ row }) => row)].map(([row, of]) => [
    `\`${row}\``,
    ...columns.map((column) => {
      const cell = of.find((each) => each.column === column);
      return cell === undefined ? '' : readable(figures[cell.name] ?? Number.NaN);
    }),
  ]);
  return [['', ...columns], ['---', ...columns.map(() => '---:')], ...rows].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
