/** A command of wsad as it is run: a process with an environment of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { compileCache } from '@wsad/testkit';

export interface Ran {
  readonly output: string;
  readonly errors: string;
  readonly code: number | null;
}

export async function runCommand(
  name: 'backup' | 'doctor' | 'restore' | 'reconcile' | 'vault',
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ran> {
  const { PATH = '' } = process.env;
  const file = join(import.meta.dirname, '..', '..', 'src', `${name}.ts`);
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH, NODE_COMPILE_CACHE: compileCache, ...env },
  });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { output, errors, code };
}
