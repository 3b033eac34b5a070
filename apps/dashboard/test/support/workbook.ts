/** The cells of the one sheet of a workbook, row by row, as a spreadsheet would show them. */
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

const CELL = /<c(?:\/>|[^>]*>(?:<is><t[^>]*>([^<]*)<\/t><\/is>|<v>([^<]*)<\/v>)<\/c>)/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#13': '\r' };

export async function rowsOfWorkbook(bytes: Buffer): Promise<string[][]> {
  const sheet = await fileOf(bytes, 'xl/worksheets/sheet1.xml');
  return [...sheet.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row = '']) =>
    [...row.matchAll(CELL)].map(([, text, number]) => plain(text ?? number ?? '')),
  );
}

function plain(text: string): string {
  return text.replaceAll(/&([^;]+);/g, (whole, name: string) => NAMED[name] ?? whole);
}

async function fileOf(bytes: Buffer, name: string): Promise<string> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  for await (const entry of zip.eachEntry())
    if (entry.fileName === name)
      return (await buffer(await zip.openReadStreamPromise(entry))).toString('utf8');
  throw new Error(`the workbook has no ${name}`);
}
