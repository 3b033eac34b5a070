import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { bytesOf, fa3, RULES } from './template.ts';

const check = createCheck();
const plain = fa3();

describe('document type definitions are refused before a parser sees them', () => {
  const laughs = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY lol${level + 1} "${`&lol${level};`.repeat(10)}">`,
  );
  it.each([
    ['a bare DOCTYPE', '<!DOCTYPE Faktura>'],
    ['billion laughs', `<!DOCTYPE Faktura [<!ENTITY lol0 "ha">${laughs.join('')}]>`],
    ['an entity that swells', `<!DOCTYPE Faktura [<!ENTITY a "${'a'.repeat(100_000)}">]>`],
    ['a file', '<!DOCTYPE Faktura [<!ENTITY lol9 SYSTEM "file:///etc/passwd">]>'],
    ['a web address', '<!DOCTYPE Faktura SYSTEM "http://127.0.0.1:9/evil.dtd">'],
    ['a public identifier', '<!DOCTYPE Faktura PUBLIC "-//X//EN" "http://127.0.0.1:9/evil.dtd">'],
    ['a parameter entity', '<!DOCTYPE Faktura [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>'],
    ['one behind comments', '<!-- a -->\n<!-- <b> --><!DOCTYPE Faktura>'],
    ['one behind processing instructions', '<?a?> <?b ?\n?> <!DOCTYPE Faktura>'],
    ['one never closed', '<!DOCTYPE Faktura ['],
  ])('%s', (_, doctype) => {
    const xml = plain.replace('<Faktura', `${doctype}<Faktura`).replace('Żuk', '&lol9;');
    const { facts, faults } = check(bytesOf(xml), RULES);
    expect(faults.map(({ code }) => code)).toEqual(['DOCTYPE']);
    expect(faults[0]?.line).toBeGreaterThan(1);
    expect(facts).toBeNull();
  });

  it('without a declaration in front', () => {
    const { faults } = check(bytesOf(`<!DOCTYPE a>${plain.replace(/^.*\n/, '')}`), RULES);
    expect(faults).toMatchObject([{ code: 'DOCTYPE', line: 1 }]);
  });

  it('and behind a BOM', () => {
    const { faults } = check(bytesOf(`\uFEFF${plain.replace('<Faktura', '<!DOCTYPE a><Faktura')}`), RULES);
    expect(faults.map(({ code }) => code)).toEqual(['BYTE_ORDER_MARK', 'DOCTYPE']);
  });

  it('while one inside the root is malformed', () => {
    const { faults } = check(bytesOf(plain.replace('<Fa>', '<!DOCTYPE a><Fa>')), RULES);
    expect(faults).toMatchObject([{ code: 'NOT_WELL_FORMED', line: 33 }]);
  });
});

describe('schema hints lead nowhere', () => {
  it.each([
    'http://crd.gov.pl/wzor/2025/06/25/13775/ file:///etc/passwd',
    'urn:evil http://127.0.0.1:9/evil.xsd',
    'http://www.w3.org/2001/XMLSchema-instance data:text/xml,evil',
  ])('%s', (locations) => {
    const hints = `xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="${locations}" i:noNamespaceSchemaLocation="/etc/passwd"`;
    const xml = plain.replace('<Faktura ', `<Faktura ${hints} `).replace('<P_2>', `<P_2 ${hints}>`);
    expect(check(bytesOf(xml), RULES).faults).toEqual([]);
  });

  it('and XInclude is not followed', () => {
    const include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>';
    const { facts, faults } = check(bytesOf(plain.replace('Żuk', include)), RULES);
    expect(faults.map(({ code }) => code)).toEqual(['CONTENT_INVALID']);
    expect(facts?.buyerName).toBe('Sklep Narożny i synowie');
  });
});

describe('files made to be slow', () => {
  const many = (count: number, text: string) => text.repeat(count);
  it.each([
    ['deep nesting', many(100_000, '<a>')],
    ['deep nesting inside', plain.replace('<P_7>', `${many(5000, '<x>')}${many(5000, '</x>')}<P_7>`)],
    [
      'ten thousand wrong lines',
      plain.replace(
        /<FaWiersz>[\s\S]*<\/FaWiersz>/,
        many(10_000, '<FaWiersz><NrWierszaFa>x</NrWierszaFa></FaWiersz>'),
      ),
    ],
    [
      'ten thousand attributes',
      plain.replace('<P_1>', `<P_1 ${Array.from({ length: 10_000 }, (_, at) => `a${at}=""`).join(' ')}>`),
    ],
    [
      'ten thousand namespaces',
      plain.replace(
        '<Faktura ',
        `<Faktura ${Array.from({ length: 10_000 }, (_, at) => `xmlns:n${at}="u${at}"`).join(' ')} xmlns:a=""`,
      ),
    ],
    [
      'a value for a backtracking pattern',
      plain.replace(
        '</RachunekBankowy>',
        `</RachunekBankowy><LinkDoPlatnosci>https://${many(200_000, 'a.')}</LinkDoPlatnosci>`,
      ),
    ],
    ['comments never closed', `${plain}${many(200_000, '<!--')}`],
    ['instructions never closed', many(400_000, '<?')],
    ['a hundred thousand instructions', plain.replace('<Fa>', `${many(100_000, '<?a?>')}<Fa>`)],
    ['a hundred thousand references', plain.replace('Żuk', many(100_000, '&#127;'))],
  ])('%s', (_, xml) => {
    const startedAt = performance.now();
    const { faults } = check(bytesOf(xml), RULES);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(61);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    for (const { message } of faults) expect(message.length).toBeLessThan(600);
  });
});
