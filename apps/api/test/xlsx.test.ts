import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBuffer } from 'yauzl';
import { type CellValue, workbook, XLSX_MEDIA_TYPE } from '../src/xlsx.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { ADMIN, startTestApi, type TestApi } from './support/test-api.ts';

/** The files of a workbook by their paths. */
function unpack(bytes: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, async (failure, stream) => {
          if (failure) return reject(failure);
          files.set(entry.fileName, (await buffer(stream)).toString('utf8'));
          zip.readEntry();
        }),
      );
      zip.on('end', () => resolve(files));
      zip.readEntry();
    });
  });
}

async function* rowsOf(rows: readonly (readonly CellValue[])[]) {
  yield* rows;
}

async function sheetOf(rows: readonly (readonly CellValue[])[]): Promise<string> {
  const files = await unpack(await buffer(workbook('sheet', rowsOf(rows))));
  return files.get('xl/worksheets/sheet1.xml') ?? '';
}

describe('a workbook', () => {
  it('has the parts that a spreadsheet looks for, each referred to', async () => {
    const files = await unpack(await buffer(workbook('a & b', rowsOf([['x']]))));
    expect([...files.keys()]).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      'xl/worksheets/sheet1.xml',
    ]);
    expect(files.get('xl/workbook.xml')).toContain('name="a &amp; b"');
    expect(files.get('xl/_rels/workbook.xml.rels')).toContain('Target="worksheets/sheet1.xml"');
  });

  it('keeps text as text, numbers as numbers, and nothing that XML cannot hold', async () => {
    const sheet = await sheetOf([
      ['=1+1', 7, null, new Date(0)],
      ['<ą & "b">\r\n', '\u0000\uD800', 'a'.repeat(40_000)],
    ]);
    expect(sheet).toContain(
      '<c t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c><c><v>7</v></c><c/>',
    );
    expect(sheet).toContain('>1970-01-01T00:00:00.000Z<');
    expect(sheet).toContain('>&lt;ą &amp; &quot;b&quot;&gt;&#13;\n<');
    expect(sheet).toContain('>\uFFFD\uFFFD<');
    expect(sheet).toContain(`>${'a'.repeat(32_767)}<`);
    expect(sheet).not.toContain('<f>');
  });

  it('is written as fast as it is read, and its rows are let go with its reader', async () => {
    let made = 0;
    let ended = false;
    async function* many() {
      try {
        for (; made < 100_000; made += 1) yield [made, randomBytes(400).toString('base64')];
      } finally {
        ended = true;
      }
    }
    const book = workbook('long', many());
    const reader = book[Symbol.asyncIterator]();
    while (made === 0) await reader.next();
    expect(made).toBeLessThan(20_000);
    book.destroy();
    await expect.poll(() => ended).toBe(true);
    expect(made).toBeLessThan(20_000);
  });

  it('fails where its rows fail', async () => {
    async function* failing() {
      yield ['a'];
      throw new Error('no more');
    }
    await expect(buffer(workbook('x', failing()))).rejects.toThrow('no more');
  });
});

describe('the report of a submission', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it('says as a workbook what it says as CSV', async () => {
    const invoices = [goodXml(), '<no/>'].map((xml) => ({ xml }));
    const { json } = await api.call('POST', sellerPath('invoices'), { json: { invoices } });
    const path = `/v1/submissions/${json.submissionId}/report`;
    const answer = await fetch(`${api.url}${path}.xlsx`, { headers: { authorization: `Bearer ${ADMIN}` } });
    expect(answer.headers.get('content-type')).toBe(XLSX_MEDIA_TYPE);
    expect(answer.headers.get('content-disposition')).toContain(`report-${json.submissionId}.xlsx`);
    const files = await unpack(Buffer.from(await answer.arrayBuffer()));
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
    const csv = (await api.call('GET', `${path}.csv`)).text.trimEnd().split('\r\n');
    expect(sheet.match(/<row>/g)).toHaveLength(csv.length);
    for (const heading of csv[0]?.split(',') ?? []) expect(sheet).toContain(`>${heading}<`);
    expect(sheet).toContain(`>${json.invoices[0].invoiceNumber}<`);
    expect(sheet).toContain(`>${json.invoices[1].errors[0].code}`);
  });
});
