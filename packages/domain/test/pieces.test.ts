import { expect, it } from 'vitest';
import { inPieces, pieces } from '../src/index.ts';

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

const nobody = async () => undefined;

it('works on each row, in order, and lets others have their turn in between', async () => {
  const seen: number[] = [];
  const turns = await turnsDuring(() => inPieces(rows, nobody, (row) => seen.push(row)));
  expect(seen).toEqual(rows);
  expect(turns).toBeGreaterThanOrEqual(2);
});

it('gives way between two pieces, and never for a few rows', async () => {
  const told: string[] = [];
  const giveWay = async () => void told.push('gives way');
  for await (const piece of pieces(rows, giveWay)) told.push(`${piece.length} rows`);
  expect(told).toEqual(['500 rows', 'gives way', '500 rows', 'gives way', '201 rows']);
  told.length = 0;
  for await (const piece of pieces(rows.slice(0, 500), giveWay)) told.push(`${piece.length} rows`);
  expect(told).toEqual(['500 rows']);
});
