/** npm run generate: writes src/contract.ts, src/problem-advice.ts and src/catalogues.ts anew after a change of the API. */
import { writeFile } from 'node:fs/promises';
import { catalogues } from './catalogues.ts';
import { typedContract } from './contract.ts';
import { problemAdvice } from './problems.ts';

await writeFile(new URL('../src/contract.ts', import.meta.url), await typedContract());
await writeFile(new URL('../src/problem-advice.ts', import.meta.url), problemAdvice());
await writeFile(new URL('../src/catalogues.ts', import.meta.url), catalogues());
