/** npm run generate: writes src/contract.ts anew after a change of the API. */
import { writeFile } from 'node:fs/promises';
import { typedContract } from './contract.ts';

await writeFile(new URL('../src/contract.ts', import.meta.url), await typedContract());
