/** npm run generate: writes src/contract.ts and src/problem-advice.ts anew after a change of the API. */
import { writeFile } from 'node:fs/promises';
import { typedContract } from './contract.ts';
import { problemAdvice } from './problems.ts';

await writeFile(new URL('../src/contract.ts', import.meta.url), await typedContract());
await writeFile(new URL('../src/problem-advice.ts', import.meta.url), problemAdvice());
