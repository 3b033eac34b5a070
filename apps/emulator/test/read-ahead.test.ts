/** Invoices read by threads say what they say where they are read at once. */
import { afterAll, expect, test } from 'vitest';
import { type Content, readContent } from '../src/processing/content.ts';
import { usualForm } from '../src/processing/forms.ts';
import { createReadAhead } from '../src/processing/read-ahead.ts';
import { createReaders } from '../src/processing/readers.ts';
import { createSchemas } from '../src/processing/schemas.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const readers = createReaders({ xsd: true });
const schemas = createSchemas();
afterAll(async () => {
  schemas.close();
  await readers.close();
});

const nip = freshNip();
const good = (number: string): string => invoiceXml({ nip, number }).toString();
const files = Array.from({ length: 250 }, (_, place) => {
  const xml = good(`R/${place}`);
  if (place % 50 === 1) return `\ufeff${xml}`;
  if (place % 50 === 2) return xml.replace('</Faktura>', '');
  if (place % 50 === 3) return xml.replace('<KodWaluty>PLN', '<KodWaluty>ZŁ');
  if (place % 50 === 4) return '<Dokument/>';
  return xml;
}).map((xml) => Buffer.from(xml));

test('each file is told what is in it, whichever thread read it', async () => {
  const told: Content[] = [];
  const readAhead = createReadAhead(readers, usualForm);
  for (const [place, bytes] of files.entries()) {
    await readAhead.take(bytes, (content) => {
      told[place] = content;
    });
  }
  await readAhead.done();
  const expected = files.map((bytes) => readContent(bytes, usualForm, schemas));
  expect(told).toEqual(expected);
  expect(new Set(expected.map((content) => content.readable && content.schemaFaults.length === 0)).size).toBe(
    2,
  );
});
