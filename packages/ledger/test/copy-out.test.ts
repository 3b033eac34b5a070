import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOut } from '../src/copy-out.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

seeded();

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
  await test.pool.query('CREATE TABLE kept (run int, place int, bytes bytea, words text)');
});
afterAll(() => test.close());

const ROW = fc.record({
  bytes: fc.option(fc.uint8Array({ maxLength: 100_000, size: 'max' })),
  words: fc.option(fc.string({ unit: 'grapheme' }).filter((words) => !words.includes('\u0000'))),
});

describe('copyOut', () => {
  it('hands over what is kept, byte for byte', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ROW, { maxLength: 20 }), async (rows) => {
        run += 1;
        for (const [place, { bytes, words }] of rows.entries())
          await test.pool.query('INSERT INTO kept VALUES ($1, $2, $3, $4)', [
            run,
            place,
            bytes === null ? null : Buffer.from(bytes),
            words,
          ]);
        const read = await copyOut(
          test.pool,
          `SELECT place, bytes, words FROM kept WHERE run = ${run} ORDER BY place`,
        );
        const seen = read.map(([place, bytes, words]) => [
          place?.readInt32BE(),
          bytes ?? null,
          words?.toString('utf8') ?? null,
        ]);
        expect(seen).toEqual(
          rows.map(({ bytes, words }, place) => [place, bytes === null ? null : Buffer.from(bytes), words]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('says what PostgreSQL refuses, and works on', async () => {
    await expect(copyOut(test.pool, 'SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    const [[one] = []] = await copyOut(test.pool, 'SELECT 1');
    expect(one?.readInt32BE()).toBe(1);
  });

  it('keeps two that run at the same time apart', async () => {
    const both = await Promise.all(
      [1, 2].map((of) => copyOut(test.pool, `SELECT ${of} FROM generate_series(1, 5000)`)),
    );
    expect(both.map((rows) => new Set(rows.map(([field]) => field?.readInt32BE())))).toEqual([
      new Set([1]),
      new Set([2]),
    ]);
  });
});
