import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { catalogues } from '../scripts/catalogues.ts';
import { typedContract } from '../scripts/contract.ts';
import { problemAdvice } from '../scripts/problems.ts';

const committed = async (name: string) => await readFile(new URL(`../src/${name}`, import.meta.url), 'utf8');

it('has the types of the API as it is now (else: npm run generate in packages/client)', async () => {
  expect(await committed('contract.ts')).toBe(await typedContract());
});

it('has the advice of every problem as it is now (else: npm run generate in packages/client)', async () => {
  expect(await committed('problem-advice.ts')).toBe(problemAdvice());
});

it('has the catalogues as they are now (else: npm run generate in packages/client)', async () => {
  expect(await committed('catalogues.ts')).toBe(catalogues());
});
