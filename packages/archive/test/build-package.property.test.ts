import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/index.ts';
import { decryptedArchive, digests, entryOf, sha256, unpacked, workFolder } from './support.ts';

const name = fc.stringMatching(
  /^[a-zA-Z0-9ąćęłńóśźż_-][a-zA-Z0-9 ąćęłńóśźż_.-]{0,120}[a-zA-Z0-9ąćęłńóśźż_-]$/u,
);

/** Sizes around the borders of tar records, deflate windows and batches, compressible or not. */
const bytes = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 1, max: 3_000 }),
      fc.constantFrom(511, 512, 513, 1_024, 32_767, 32_768, 65_535, 65_536, 65_537, 131_072, 700_000),
    ),
    fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    fc.boolean(),
  )
  .map(([sizeBytes, seed, noisy]) => filled(sizeBytes, seed, noisy));

function filled(sizeBytes: number, seed: number, noisy: boolean): Buffer {
  const content = Buffer.alloc(sizeBytes);
  let state = seed;
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    content[index] = noisy ? state >>> 24 : 65 + ((index + seed) % 23);
  }
  return content;
}

const entries = fc.uniqueArray(
  fc.tuple(name, bytes).map(([name, bytes]) => entryOf(name, bytes)),
  {
    minLength: 1,
    maxLength: 40,
    selector: (entry) => entry.name,
  },
);

describe('any package', () => {
  const folder = workFolder();

  it.each(['TarGz', 'Zip'] as const)(
    'as %s gives back its entries from its parts',
    async (compression) => {
      const packageInput = fc.record({
        entries,
        partCount: fc.integer({ min: 1, max: 40 }),
        key: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key)),
        iv: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((iv) => Buffer.from(iv)),
      });
      await fc.assert(
        fc.asyncProperty(packageInput, async ({ partCount, ...input }) => {
          const { sizeBytes } = await buildPackage({ ...input, compression, directory: folder.path });
          const partBytesMax = Math.ceil(sizeBytes / partCount);
          const built = await buildPackage({ ...input, compression, partBytesMax, directory: folder.path });
          const archive = await decryptedArchive(built, input);

          expect(built.parts).toHaveLength(Math.ceil(sizeBytes / partBytesMax));
          expect(archive.length).toBe(built.sizeBytes);
          expect(sha256(archive)).toBe(built.sha256);
          expect(digests(await unpacked(archive, compression))).toEqual(digests(input.entries));
          await built.dispose();
        }),
        { numRuns: 40 },
      );
    },
    120_000,
  );
});
