/** npm run generate: writes src/module.ts anew after a change of assembly/. */
import { writeFile } from 'node:fs/promises';
import { compiledModule } from './compile.ts';

await writeFile(new URL('../src/module.ts', import.meta.url), await compiledModule());
