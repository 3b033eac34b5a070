/** Work on very many rows in pieces between which whoever else waits for this thread, or has the right of way, has a turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RightOfWay } from './right-of-way.ts';

export type GiveWay = RightOfWay['giveWay'];

/** About what a thread has done in a millisecond or two, and PostgreSQL in twenty. */
export const PIECE_ROWS = 500;

/** The rows of all pieces are those of `rows`, in their order. Few rows are one piece, for which nobody is waited. */
export async function* pieces<T>(rows: readonly T[], giveWay: GiveWay): AsyncGenerator<T[]> {
  for (let at = 0; at < rows.length; at += PIECE_ROWS) {
    if (at > 0) await standAside(giveWay);
    yield rows.slice(at, at + PIECE_ROWS);
  }
}

export async function inPieces<T>(
  rows: readonly T[],
  giveWay: GiveWay,
  work: (row: T) => void,
): Promise<void> {
  for await (const piece of pieces(rows, giveWay)) for (const row of piece) work(row);
}

/** Between two steps of work on this many rows; for a few nobody is waited. */
export async function betweenSteps(rows: number, giveWay: GiveWay): Promise<void> {
  if (rows > PIECE_ROWS) await standAside(giveWay);
}

async function standAside(giveWay: GiveWay): Promise<void> {
  await nextTurn();
  await giveWay();
}
