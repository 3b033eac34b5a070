import { Problem } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callBudget } from '../src/intake/call-budget.ts';
import { jsonEntries, jsonInvoiceSchema } from '../src/intake/json.ts';
import { parsedInvoice } from '../src/intake/json-invoice.ts';
import { parsedJson } from '../src/intake/json-text.ts';

seeded();

describe('JSON bodies', () => {
  it('answers the invoices of any valid body, however it is cut into chunks', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const invoices = fc.array(
      fc.record({
        xml: text,
        externalId: fc.option(fc.string({ minLength: 1, maxLength: 9 }), { nil: undefined }),
      }),
      { maxLength: 6 },
    );
    const body = fc.record({ before: fc.jsonValue(), invoices, after: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(body, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (value, size, pretty) => {
        const bytes = Buffer.from(JSON.stringify(value, null, pretty ? 2 : 0));
        const entries = await read(bytes, size);
        expect(entries).toEqual(
          value.invoices.map(({ xml, externalId }) => ({ xml, externalId: externalId ?? null })),
        );
      }),
    );
  });

  it('reads an invoice by its bytes as JSON.parse reads its text', () => {
    const bytes = fc.constantFrom(
      '"',
      '\\',
      '\\\\',
      '\\n',
      '\\/',
      '\\x',
      '\\u0142',
      '\\ud800',
      '\u0001',
      '\u0085',
      'ł',
      '😀',
    );
    const piece = fc.oneof(bytes, fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom(...'{}[]:,"'));
    const name = fc.constantFrom('xml', 'externalId', 'correctionOf', '__proto__', 'żółw');
    const member = fc.tuple(
      name,
      fc.array(piece).map((all) => all.join('')),
    );
    const written = fc.oneof(
      fc.array(member).map((all) => `{${all.map(([key, text]) => `"${key}":"${text}"`).join(',')}}`),
      fc.array(piece).map((all) => all.join('')),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    let byBytes = 0;
    fc.assert(
      fc.property(written, (text) => {
        const invoice = Buffer.from(text);
        const read = outcomeOf(() => parsedInvoice(invoice));
        const whole = outcomeOf(() => parsedJson(invoice));
        expect(read.error).toEqual(whole.error);
        if (read.value === undefined) return;
        const { value, encoding } = read.value;
        if (encoding === 'latin1') byBytes += 1;
        const parsed = jsonInvoiceSchema.safeParse(value);
        const expected = jsonInvoiceSchema.safeParse(whole.value);
        expect(parsed.error?.issues).toEqual(expected.error?.issues);
        if (parsed.data === undefined || expected.data === undefined) return;
        expect({ ...parsed.data, xml: '' }).toEqual({ ...expected.data, xml: '' });
        expect(Buffer.from(parsed.data.xml, encoding)).toEqual(Buffer.from(expected.data.xml, 'utf8'));
      }),
      { numRuns: 2_000 },
    );
    expect(byBytes).toBeGreaterThan(100);
  });

  it('refuses everything that JSON.parse refuses', async () => {
    const good = '{"a":[1,{"b":null}],"invoices":[{"xml":"<a b=\\"c\\"/>"},{"xml":"ą"}]}';
    const spoilt = fc
      .record({
        at: fc.nat(good.length - 1),
        with: fc.constantFrom('', '"', '{', ']', ',', ':', '\\', 'x', '\u0001'),
      })
      .map((spoil) => good.slice(0, spoil.at) + spoil.with + good.slice(spoil.at + 1));
    await fc.assert(
      fc.asyncProperty(spoilt, async (text) => {
        const outcome = await read(Buffer.from(text), 7).then(
          () => 'read',
          (error: unknown) => (error instanceof Problem ? error.code : 'broke'),
        );
        expect(outcome).not.toBe('broke');
        if (!isJson(text)) expect(outcome).not.toBe('read');
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nothing', '', 'MALFORMED_BODY'],
    ['white space', ' \n', 'MALFORMED_BODY'],
    ['an array', '[{"xml":"<a/>"}]', 'INVALID_REQUEST'],
    ['a text', '"<a/>"', 'INVALID_REQUEST'],
    ['no invoices', '{}', 'INVALID_REQUEST'],
    ['invoices that are no array', '{"invoices":{"xml":"<a/>"}}', 'INVALID_REQUEST'],
    ['invoices twice', '{"invoices":[],"invoices":[]}', 'MALFORMED_BODY'],
    ['more after the end', '{"invoices":[]} {}', 'MALFORMED_BODY'],
    ['a comma too many', '{"invoices":[{"xml":"<a/>"},]}', 'MALFORMED_BODY'],
    ['half a surrogate pair', '{"invoices":[{"xml":"\\ud800"}]}', 'INVALID_REQUEST'],
    ['an empty external id', '{"invoices":[{"externalId":"","xml":"<a/>"}]}', 'INVALID_REQUEST'],
    ['an end in the middle', '{"invoices":[{"xml":"<a', 'MALFORMED_BODY'],
  ])('refuses %s', async (_what, text, code) => {
    await expect(read(Buffer.from(text), 5)).rejects.toMatchObject({ code });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"invoices":[{"xml":"'), Buffer.of(0xff), Buffer.from('"}]}')]);
    await expect(read(body, 100)).rejects.toMatchObject({ code: 'MALFORMED_BODY' });
  });

  it('names every wrong place', async () => {
    const text = '{"invoices":[{"xml":"<a/>"},{"xml":1},{},3]}';
    await expect(read(Buffer.from(text), 9)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      extra: {
        errors: [{ path: 'invoices[1].xml' }, { path: 'invoices[2].xml' }, { path: 'invoices[3]' }],
      },
    });
  });

  it('never repeats what was sent', async () => {
    const error = await read(Buffer.from('{"invoices":[{"xml":secret}]}'), 100).catch(String);
    expect(error).not.toContain('secret');
  });

  it('counts against the limits', async () => {
    const three = Buffer.from('{"invoices":[{"xml":"abc"},{"xml":"abc"},{"xml":"abc"}]}');
    await expect(read(three, 10, { bytesMax: 8, invoicesMax: 9 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await expect(read(three, 10, { bytesMax: 99, invoicesMax: 2 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

function outcomeOf<Value>(work: () => Value): { value?: Value; error?: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

async function read(body: Buffer, chunkBytes: number, limits = { bytesMax: 1e6, invoicesMax: 100 }) {
  const entries: { xml: string; externalId: string | null }[] = [];
  for await (const { content, externalId } of jsonEntries(chunked(body, chunkBytes), callBudget(limits))) {
    if (content.kind !== 'bytes') throw new Error('an entry of this size is not oversized');
    entries.push({ xml: Buffer.from(content.bytes).toString('utf8'), externalId });
  }
  return entries;
}

async function* chunked(body: Buffer, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
