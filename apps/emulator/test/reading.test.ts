/** Invoices read by threads say what they say where they are read at once, and each lies where it is told to. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDocuments } from '../src/processing/documents.ts';
import { readFile } from '../src/processing/file-pack.ts';
import { usualForm } from '../src/processing/forms.ts';
import { createReaders, readHere } from '../src/processing/readers.ts';
import { createReading, type FiledFile } from '../src/processing/reading.ts';
import { createSchemas } from '../src/processing/schemas.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'ksef-emulator-'));
const documents = await openDocuments(folder);
const readers = createReaders({ xsd: true });
const schemas = createSchemas();
afterAll(async () => {
  schemas.close();
  await readers.close();
  await documents.close();
  await rm(folder, { recursive: true });
});

const nip = freshNip();
const good = (number: string): string => invoiceXml({ nip, number }).toString();
const files = Array.from({ length: 1_500 }, (_, place) => {
  const xml = good(`R/${place}`);
  if (place % 50 === 1) return `\ufeff${xml}`;
  if (place % 50 === 2) return xml.replace('</Faktura>', '');
  if (place % 50 === 3) return xml.replace('<KodWaluty>PLN', '<KodWaluty>ZŁ');
  if (place % 50 === 4) return '<Dokument/>';
  if (place % 500 === 5) return `${xml}${' '.repeat(1_200_000)}`;
  return xml;
}).map((xml) => Buffer.from(xml));
const expected = files.map((bytes) => readFile(bytes, usualForm, schemas));

test.each([
  ['by threads', readers.byThreads(usualForm)],
  ['at once', readHere(usualForm, schemas)],
])('each file is told what is in it and where it lies: %s', async (_how, reader) => {
  const told: FiledFile[] = [];
  const reading = createReading(documents, reader);
  for (const [place, bytes] of files.entries()) {
    await reading.take(bytes, (file) => {
      told[place] = file;
    });
  }
  await reading.done();
  expect(told.map(({ hash, content }) => ({ hash, content }))).toEqual(expected);
  expect(await documents.readMany(told.map(({ document }) => document))).toEqual(files);
});

test('good and bad ones are among them', () => {
  const isGood = expected.map(({ content }) => content.readable && content.schemaFaults.length === 0);
  expect(new Set(isGood).size).toBe(2);
});
