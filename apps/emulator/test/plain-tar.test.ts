/** A tar is taken apart as the library alone would do it, wherever its bytes are cut and whatever is wrong with it. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { extract, pack } from 'tar-stream';
import { expect, test } from 'vitest';
import type { Intake } from '../src/processing/intake.ts';
import { takePlainFiles } from '../src/processing/plain-tar.ts';

type Entry = { name: string; size: number; type: 'file' | 'directory' | 'symlink' };
type Told = { files: [name: string, type: string, content: string][]; error: string | null; plain: number };

const entry: fc.Arbitrary<Entry> = fc.record({
  name: fc.oneof(
    { weight: 8, arbitrary: fc.stringMatching(/^[a-z]{1,20}\.xml$/) },
    fc.constantFrom('Żółć.xml', 'a/b.xml', `${'l'.repeat(120)}.xml`, 'x/'),
  ),
  size: fc.oneof(fc.nat(2_000), fc.constantFrom(0, 511, 512, 513, 1024)),
  type: fc.oneof(
    { weight: 12, arbitrary: fc.constant('file' as const) },
    fc.constantFrom('directory' as const, 'symlink' as const),
  ),
});

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const { name, size, type } of entries) {
    if (type === 'file') tar.entry({ name }, 'x'.repeat(size));
    else tar.entry({ name, type, linkname: 'there' });
  }
  tar.finalize();
  return whole;
}

function* cut(tar: Buffer, strideBytes: number): Generator<Buffer> {
  for (let at = 0; at < tar.length; at += strideBytes) yield tar.subarray(at, at + strideBytes);
}

/** What comes out of a tar, with the plain files taken first or not. */
async function takenApart(tar: Buffer, strideBytes: number, isPlainFirst: boolean): Promise<Told> {
  const told: Told = { files: [], error: null, plain: 0 };
  const rest = extract();
  const intake: Intake = {
    take: () => Promise.reject(new Error('not asked for')),
    async takeWhole(name, bytes) {
      told.plain += 1;
      told.files.push([name, 'file', Buffer.from(bytes).toString()]);
    },
    done: async () => [],
  };
  const source = Readable.from(cut(tar, strideBytes));
  const feeding = isPlainFirst
    ? pipeline(source, (chunks) => takePlainFiles(chunks, intake), rest)
    : pipeline(source, rest);
  const telling = async (): Promise<void> => {
    for await (const file of rest) {
      told.files.push([file.header.name, String(file.header.type), (await buffer(file)).toString()]);
    }
  };
  await Promise.all([feeding, telling()]).catch((error: unknown) => {
    told.error = error instanceof Error ? error.message : String(error);
  });
  return told;
}

test('all files of a plain tar are plain', async () => {
  const files = Array.from({ length: 50 }, (_, size): Entry => ({ name: `${size}.xml`, size, type: 'file' }));
  const told = await takenApart(await tarOf(files), 3_000, true);
  expect(told.plain).toBe(50);
  expect(told.files.map(([name]) => name)).toEqual(files.map(({ name }) => name));
});

test('what is taken apart is the same', async () => {
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 12 }),
      fc.oneof(fc.integer({ min: 1, max: 700 }), fc.constantFrom(512, 5_000, 100_000)),
      fc.option(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          change: fc.integer({ min: 0, max: 255 }),
        }),
      ),
      async (entries, strideBytes, harm) => {
        const tar = await tarOf(entries);
        const at = Math.floor((harm?.at ?? 0) * (tar.length - 1));
        if (harm !== null && harm.change > 0) tar.writeUInt8(tar.readUInt8(at) ^ harm.change, at);
        const harmed = harm?.change === 0 ? tar.subarray(0, at) : tar;
        const told = await takenApart(harmed, strideBytes, true);
        const expected = await takenApart(harmed, strideBytes, false);
        plain += told.plain;
        expect({ ...told, plain: 0 }).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
  expect(plain).toBeGreaterThan(50);
});
