import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { typedContract } from '../scripts/contract.ts';

it('has the types of the API as it is now (else: npm run generate in packages/client)', async () => {
  const committed = await readFile(new URL('../src/contract.ts', import.meta.url), 'utf8');
  expect(committed).toBe(await typedContract());
});
