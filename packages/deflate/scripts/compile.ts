/** Compiles ../assembly: to the text of src/module.ts, and for the script that counts. */
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const OPTIONS = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--initialMemory', '16'],
  ...['--baseDir', FOLDER, '--outFile', 'module.wasm'],
];

/** @throws with the compiler's words */
export async function compiled(...entries: readonly string[]): Promise<Buffer<ArrayBuffer>> {
  let wasm: Buffer<ArrayBuffer> | undefined;
  const { error, stderr } = await main([...entries, ...OPTIONS], {
    writeFile: (_name, contents) => {
      wasm = Buffer.from(contents);
    },
  });
  if (error !== null || wasm === undefined) throw new Error(stderr.toString(), { cause: error });
  return wasm;
}

/** @throws with the compiler's words */
export async function compiledModule(): Promise<string> {
  const lines = (await compiled('assembly/index.ts')).toString('base64').match(/.{1,100}/g) ?? [];
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  return `// Compiled from ../assembly by \`npm run generate\`; a test compares the two.\nexport const moduleBase64 =\n${text};\n`;
}
