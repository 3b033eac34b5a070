import { expect, it } from 'vitest';
import { columnTexts } from '../src/column-texts.ts';

/** How often others had a turn while `work` went on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return turns;
}

const rows = Array.from({ length: 1_201 }, (_, place) => place);

it('puts columns into words, and lets others have their turn between those of many rows', async () => {
  const columns = [(row: number) => row, (row: number) => (row === 0 ? null : `"${row}`)];
  expect(await columnTexts([0, 1], columns)).toEqual(['{0,1}', String.raw`{NULL,"\"1"}`]);
  expect(await turnsDuring(() => columnTexts(rows, columns))).toBeGreaterThanOrEqual(1);
  expect(await turnsDuring(() => columnTexts([0, 1], columns))).toBe(0);
});
