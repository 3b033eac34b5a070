/** Work on very many rows in pieces between which whoever else waits for this thread has a turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { arrayText, chunks } from './db.ts';

/** About what takes a millisecond or two. */
const PIECE_ROWS = 500;

export async function inPieces<T>(rows: readonly T[], work: (row: T) => void): Promise<void> {
  for (const [place, piece] of chunks(rows, PIECE_ROWS).entries()) {
    if (place > 0) await nextTurn();
    for (const row of piece) work(row);
  }
}

/** Each column of the rows as the text of an array (db.ts). */
export async function columnTexts<T>(
  rows: readonly T[],
  columns: readonly ((row: T) => string | number | boolean | null)[],
): Promise<string[]> {
  const texts: string[] = [];
  for (const column of columns) {
    if (texts.length > 0 && rows.length > PIECE_ROWS) await nextTurn();
    texts.push(arrayText(rows.map(column)));
  }
  return texts;
}
