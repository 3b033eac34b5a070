import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArchiveBytes } from '../src/intake/archive-bytes.ts';

seeded();

it('are the same by windows of any size as in one piece, wherever they are asked for', async () => {
  const spans = fc.array(fc.tuple(fc.nat(120), fc.nat(60)));
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 100 }),
    spans,
    fc.integer({ min: 1, max: 40 }),
    async (archive, asked, windowBytes) => {
      const whole = Buffer.from(archive);
      let loadedMax = 0;
      const load = async (start: number, end: number) => {
        loadedMax = Math.max(loadedMax, end - start);
        return Buffer.from(whole.subarray(start, end));
      };
      const bytes = new ArchiveBytes(whole.byteLength, load, windowBytes);
      for (const [start, length] of asked)
        expect(await bytes.read(start, start + length)).toEqual(whole.subarray(start, start + length));
      expect(loadedMax).toBeLessThanOrEqual(Math.max(windowBytes, ...asked.map(([, length]) => length)));
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
