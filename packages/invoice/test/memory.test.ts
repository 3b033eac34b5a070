import { XmlDocument } from 'libxml2-wasm';
import { expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { bytesOf, fa3, RULES } from './template.ts';

it('20,000 invoices, good and bad, leave the parser as large as the first hundred did', () => {
  const check = createCheck();
  const plain = fa3();
  const files = [
    plain,
    fa3({ lines: 5 }),
    plain.replace('<P_1>', '<P_1>x'),
    plain.replace('</Fa>', ''),
    plain.replace('<Faktura', '<!DOCTYPE a><Faktura'),
    plain.replace('<Fa>', '<?a?><Fa>'),
    plain.replace('13775', '1'),
  ].map(bytesOf);
  const checkAll = (count: number) => {
    for (let at = 0; at < count; at++) check(files[at % files.length]!, RULES);
  };
  checkAll(100);
  const before = parserMemoryBytes();
  checkAll(19_000);
  for (let at = 0; at < 1000; at++) check(bytesOf(hinted(plain, at)), RULES);
  expect(parserMemoryBytes()).toBe(before);
}, 120_000);

/** A hint that differs each time must not pile up in the compiled schema. */
function hinted(xml: string, at: number): string {
  const hint = `xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:${at} http://example.org/${'x'.repeat(2000)}${at}.xsd"`;
  return xml.replace('<Faktura ', `<Faktura ${hint} `);
}

/** What libxml2 writes lies in its memory, so the buffer behind it is that memory. */
function parserMemoryBytes(): number {
  const document = XmlDocument.fromString('<a/>');
  let bytes = 0;
  document.save({
    write: (written) => {
      bytes = written.buffer.byteLength;
      return written.length;
    },
    close: () => true,
  });
  document.dispose();
  return bytes;
}
