import { betweenSteps, NOBODY_FIRST } from '@wsad/domain';
import { arrayText } from './db.ts';

/** Each column of the rows as the text of an array (db.ts); between those of many rows others have a turn of this thread. */
export async function columnTexts<T>(
  rows: readonly T[],
  columns: readonly ((row: T) => string | number | boolean | null)[],
): Promise<string[]> {
  const texts: string[] = [];
  for (const column of columns) {
    if (texts.length > 0) await betweenSteps(rows.length, NOBODY_FIRST.giveWay);
    texts.push(arrayText(rows.map(column)));
  }
  return texts;
}
