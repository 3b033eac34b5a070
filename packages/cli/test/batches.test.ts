import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from '../src/send/batches.ts';

seeded();

const file = fc.record({
  name: fc.constantFrom('a.xml', 'b.XML', 'c.zip'),
  sizeBytes: fc.integer({ min: 0, max: 50 }),
});

it('puts every file into one batch, in order, within the bounds, an archive alone', () => {
  fc.assert(
    fc.property(fc.array(file), fc.integer({ min: 1, max: 5 }), (files, filesMax) => {
      const batches = batchesOf(files, { filesMax, bytesMax: 40 });
      expect(batches.flat()).toEqual(files);
      for (const batch of batches) {
        const bytes = batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        expect(batch.length).toBeGreaterThan(0);
        if (batch.length === 1) continue;
        expect(batch.some(({ name }) => name.endsWith('.zip'))).toBe(false);
        expect(batch.length).toBeLessThanOrEqual(filesMax);
        expect(bytes).toBeLessThanOrEqual(40);
      }
    }),
  );
});
