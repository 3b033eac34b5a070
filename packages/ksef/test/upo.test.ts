import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithOfficialFiles, seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUpoEntries } from '../src/index.ts';
import { XmlRefused } from '../src/xml-scanner.ts';
import { ACCESS_TOKEN, happyKsef, KSEF_NUMBER, SESSION, xmlReply } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { UPO_NAMESPACE, upoDocument, upoXml } from './support/upo-document.ts';
import { exceptionReply, faultOf, NIP, startWorld } from './support/world.ts';

seeded();
const entryOf = (index: number) => {
  const { ksefNumber, invoiceNumber, sha256 } = upoDocument(index);
  const acquiredAt = new Date('2026-09-01T10:00:02.084Z');
  return { ksefNumber, invoiceNumber, sha256, acquiredAt, invoicingMode: 'Online' };
};

describe('the entries of a UPO', () => {
  it('are read whatever the prefix', async () => {
    const documents = [upoDocument(1), upoDocument(2)];
    for (const prefix of ['', 'upo', 'ns0'])
      await expect(readUpoEntries(upoXml(documents, prefix))).resolves.toEqual([entryOf(1), entryOf(2)]);
  });

  it('are read from a signed UPO, with a BOM, comments and white space', async () => {
    const signature =
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s-1"><ds:SignedInfo><ds:Reference URI=""/>' +
      '</ds:SignedInfo><ds:SignatureValue>YWJj</ds:SignatureValue></ds:Signature>';
    const xml = upoXml([upoDocument(1)])
      .replace('</Potwierdzenie>', `<!-- signed -->\t${signature}\n</Potwierdzenie>\n`)
      .replace('<Dokument>', '<Dokument >\r\n ');
    await expect(readUpoEntries(`\uFEFF${xml}`)).resolves.toEqual([entryOf(1)]);
  });

  it('keep whatever stands in an invoice number', async () => {
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 256 })
      .map((text) => text.replace(/[\s\p{Cc}\uFFFE\uFFFF]+/gu, ' ').trim())
      .filter((text) => text.length > 0);
    await fc.assert(
      fc.asyncProperty(fc.array(printable, { minLength: 1, maxLength: 5 }), async (numbers) => {
        const documents = numbers.map((invoiceNumber, index) => upoDocument(index, { invoiceNumber }));
        const entries = await readUpoEntries(upoXml(documents));
        expect(entries.map(({ invoiceNumber }) => invoiceNumber)).toEqual(numbers);
      }),
    );
  });

  it.each([
    ['a comment', '<!--', '-->'],
    ['an element before the entries', '<OpisPotwierdzenia>', '</OpisPotwierdzenia>'],
  ])('are none within %s', async (_name, begin, end) => {
    const row = upoXml([upoDocument(8), upoDocument(9)]).match(/<Dokument>.*<\/Dokument>/)?.[0];
    const xml = upoXml([upoDocument(1), upoDocument(2)]).replace(
      '<Dokument>',
      `${begin}${row}${end}<Dokument>`,
    );
    await expect(readUpoEntries(xml)).resolves.toEqual([entryOf(1), entryOf(2)]);
  });

  const good = upoXml([upoDocument(1)]);
  const refusals: [string, string][] = [
    ['a DTD', good.replace('<Potwierdzenie', '<!DOCTYPE Potwierdzenie [<!ENTITY a "b">]><Potwierdzenie')],
    ['a processing instruction', good.replace('<Dokument>', '<?php?><Dokument>')],
    ['CDATA', good.replace('FA/1/09/2026', '<![CDATA[FA/1]]>')],
    ['an unknown entity', good.replace('FA/1/09/2026', '&a;')],
    ['another namespace', good.replace('v4-3', 'v4-2')],
    ['another root', good.replaceAll('Potwierdzenie', 'Zaprzeczenie')],
    ['an unknown element in an entry', good.replace('<TrybWysylki>', '<Nowe>1</Nowe><TrybWysylki>')],
    ['an unknown element beside entries', good.replace('<Dokument>', '<Nowe/><Dokument>')],
    ['a missing field', good.replace(/<SkrotDokumentu>.*<\/SkrotDokumentu>/, '')],
    ['a field twice', good.replace('<TrybWysylki>', '<TrybWysylki>Online</TrybWysylki><TrybWysylki>')],
    ['a hash that is none', good.replace(/(<SkrotDokumentu>).*(<\/Skrot)/, '$1abc$2')],
    ['an unknown mode', good.replace('Online', 'Pigeon')],
    ['a hash that is none, in a row', upoXml([upoDocument(1), upoDocument(2, { sha256: 'abc' })])],
    ['a cut in a row', upoXml([upoDocument(1), upoDocument(2), upoDocument(3)]).slice(0, -100)],
    ['a nested element', good.replace('FA/1/09/2026', '<b>FA/1</b>')],
    ['text between elements', good.replace('<Dokument>', 'text<Dokument>')],
    ['no entries', upoXml([])],
    ['a cut', good.slice(0, -20)],
    ['something after', `${good}<More/>`],
    ['text after', `${good}more`],
    ['crossing tags', good.replace('</TrybWysylki></Dokument>', '</Dokument></TrybWysylki>')],
    ['an unknown prefix', good.replaceAll('TrybWysylki', 'x:TrybWysylki')],
    ['an attribute twice', good.replace('<Dokument>', '<Dokument a="1" a="2">')],
    ['attributes without space', good.replace('<Dokument>', '<Dokument a="1"b="2">')],
    ['a control character', good.replace('FA/1', 'FA\u0001')],
    ['another encoding', good.replace('utf-8', 'iso-8859-2')],
    [
      'elements too deep',
      good.replace('<IdKontekstu>', `<IdKontekstu>${'<a>'.repeat(70)}${'</a>'.repeat(70)}`),
    ],
    ['an endless value', good.replace('FA/1/09/2026', 'x'.repeat(5000))],
    ['a page', '<html><body>Request Rejected</body></html>'],
    ['nothing', ''],
  ];
  it.each(refusals)('are refused with %s', async (_name, xml) => {
    expect(xml).not.toBe(good);
    await expect(readUpoEntries(xml)).rejects.toBeInstanceOf(XmlRefused);
  });

  it('are never read from a cut-off document, wherever the cut', async () => {
    const end = good.lastIndexOf('>');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: end }), async (length) => {
        await expect(readUpoEntries(good.slice(0, length))).rejects.toBeInstanceOf(XmlRefused);
      }),
    );
  });

  it('are read in slices: 10,000 of them leave the event loop its turns', async () => {
    const xml = upoXml(Array.from({ length: 10_000 }, (_, index) => upoDocument(index)));
    expect(Buffer.byteLength(xml)).toBeGreaterThan(4_000_000);
    let turns = 0;
    let reading = true;
    const count = (): void => {
      turns += 1;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    const entries = await readUpoEntries(xml);
    reading = false;
    expect(entries).toHaveLength(10_000);
    expect(turns).toBeGreaterThanOrEqual(40);
  });
});

describeWithOfficialFiles('the official examples of UPO', ({ root }) => {
  const example = (name: string) => readFileSync(join(root, 'upo-examples', name), 'utf8');

  it('of a session is read', async () => {
    await expect(readUpoEntries(example('upo-sesja-kontekst-id-nip.xml'))).resolves.toEqual([
      {
        ksefNumber: '5265877635-20250916-010040741B3E-46',
        invoiceNumber: 'FA/SIGTF-3388125147/11/2025',
        sha256: 'jli86Kp2Kw7jppX59P8VmjWRcwLTvsPK3DcPEB87mNk=',
        acquiredAt: new Date('2025-09-16T09:02:42.084Z'),
        invoicingMode: 'Online',
      },
      {
        ksefNumber: '5265877635-20250916-0200A0D6723E-C2',
        invoiceNumber: 'FA/XVQUD-9997622510/04/2027',
        sha256: 'GZMGNVzs3krF6URKgvaw77OOeG3nJ+WGziT5xguliQ8=',
        acquiredAt: new Date('2025-09-16T09:05:41.045Z'),
        invoicingMode: 'Online',
      },
    ]);
  });

  it('of an invoice is read', async () => {
    await expect(readUpoEntries(example('upo-faktura-kontekst-id-nip.xml'))).resolves.toHaveLength(1);
  });

  it('has the namespace that the tests use', () => {
    expect(example('upo-sesja-kontekst-id-nip.xml')).toContain(`"${UPO_NAMESPACE}"`);
  });
});

describe('downloading a UPO', () => {
  const xml = upoXml([upoDocument(1), upoDocument(2)]);
  async function download(reply: Reply) {
    const world = await startWorld(() => reply);
    return { ...world, outcome: world.client.downloadUpo(`${world.server.origin}/upo/1?sig=abc`) };
  }

  it('needs no token and no place, and answers the document byte for byte with its entries', async () => {
    const { outcome, server, pacer, events } = await download(xmlReply(xml));
    const upo = await outcome;
    expect(upo.xml.toString()).toBe(xml);
    expect(upo.sha256).toBe(createHash('sha256').update(xml).digest('base64'));
    expect(upo.entries).toEqual([entryOf(1), entryOf(2)]);
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
    expect(pacer.taken).toEqual([]);
    expect(events[0]).toMatchObject({ operation: 'downloadUpo', status: 200 });
  });

  it('takes a document whose hash is not named', async () => {
    const { outcome } = await download({
      body: xml,
      headers: { 'content-type': 'application/octet-stream' },
    });
    await expect(outcome).resolves.toMatchObject({ entries: [entryOf(1), entryOf(2)] });
  });

  it.each([
    ['a page', { body: '<html></html>', headers: { 'content-type': 'text/html' } }, 'retry'],
    ['a page called XML', xmlReply('<!DOCTYPE html><html></html>'), 'retry'],
    ['another hash', { ...xmlReply(xml), body: xml.replace('FA/1', 'FA/7') }, 'retry'],
    ['an address run out', { status: 403 }, 'retry'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example' } }, 'retry'],
    ['500', { status: 500 }, 'retry'],
    ['a cut', { ...xmlReply(xml), mishap: 'cut-amid' }, 'retry'],
    ['a whole document that is no UPO', xmlReply('<Faktura/>'), 'stop'],
    ['bytes that are no UTF-8', badUtf8(xml), 'stop'],
  ] as [string, Reply, string][])('is a fault with %s', async (_name, reply, treatment) => {
    const { outcome } = await download(reply);
    expect(await faultOf(outcome)).toMatchObject({ treatment, fault: { operation: 'downloadUpo' } });
  });
});

describe("an invoice's own UPO", () => {
  async function upoOf(reply: Reply) {
    const route = `GET /sessions/${SESSION}/invoices/ksef/${KSEF_NUMBER}/upo`;
    const world = await startWorld(happyKsef({ [route]: reply }));
    return { ...world, outcome: world.client.invoiceUpo(NIP, ACCESS_TOKEN, SESSION, KSEF_NUMBER) };
  }
  const own = upoXml([upoDocument(1, { ksefNumber: KSEF_NUMBER })]);

  it('is a paced call with the token', async () => {
    const { outcome, server, pacer } = await upoOf(xmlReply(own));
    await expect(outcome).resolves.toEqual({
      xml: Buffer.from(own),
      sha256: createHash('sha256').update(own).digest('base64'),
    });
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(pacer.taken).toEqual([{ operation: 'invoiceUpo', nip: NIP }]);
  });

  it.each([
    ['about another invoice', xmlReply(upoXml([upoDocument(1)])), 'retry'],
    ['a page', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'retry'],
    ['not there yet (21178)', exceptionReply(21178), 'retry'],
    ['of an unknown session', exceptionReply(21173), 'ask-session'],
  ] as [string, Reply, string][])('is a fault where it is %s', async (_name, reply, treatment) => {
    const { outcome } = await upoOf(reply);
    expect((await faultOf(outcome)).treatment).toBe(treatment);
  });
});

function badUtf8(xml: string): Reply {
  const body = Buffer.from(xml);
  body[body.indexOf('FA/1')] = 0xff;
  const hash = createHash('sha256').update(body).digest('base64');
  return { body, headers: { 'content-type': 'application/xml', 'x-ms-meta-hash': hash } };
}
