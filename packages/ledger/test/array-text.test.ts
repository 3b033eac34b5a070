import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { arrayText, storable } from '../src/db.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

seeded();
let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

it('is read by PostgreSQL as what it was made of', async () => {
  const hostile = fc.constantFrom('NULL', '', '{}', '"', '\\', '\\"', ' a ', 'a,b', '\n', "'");
  const texts = fc.array(fc.option(fc.oneof(hostile, fc.string({ unit: 'binary' })).map(storable)));
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.maxSafeInteger()), fc.array(fc.boolean()), async (some, all, yes) => {
      const { rows } = await test.pool.query(
        'SELECT $1::text[] AS texts, $2::bigint[]::float8[] AS numbers, $3::bool[] AS booleans',
        [arrayText(some), arrayText(all), arrayText(yes)],
      );
      expect(rows).toEqual([{ texts: some, numbers: all, booleans: yes }]);
    }),
    { numRuns: 200 },
  );
});
