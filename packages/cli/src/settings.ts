/** Where the API is and with which key: from flags and the environment. A key itself is never an argument. */
import { readFile } from 'node:fs/promises';
import type { Environment } from './environment.ts';
import { NoKey, UsageError } from './failure.ts';

export interface GlobalOptions {
  readonly url?: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

export interface Settings {
  readonly url: string;
  readonly key: string;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';

export async function readSettings(options: GlobalOptions, environment: Environment): Promise<Settings> {
  const url = options.url ?? filled(environment.WSAD_URL) ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`"${url}" is not an address: WSAD_URL or --url is such as ${DEFAULT_URL}`);
  return { url, key: await readKey(options, environment) };
}

async function readKey(options: GlobalOptions, environment: Environment): Promise<string> {
  const file = options.keyFile ?? filled(environment.WSAD_KEY_FILE);
  const key = options.keyFile === undefined ? filled(environment.WSAD_KEY) : undefined;
  if (key !== undefined) return key.trim();
  if (file === undefined)
    throw new NoKey(
      'There is no API key: put it into WSAD_KEY, or into a file that WSAD_KEY_FILE or --key-file names.',
    );
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new NoKey(`The file of the key cannot be read: ${error.message}`);
  });
  if (text.trim() === '') throw new NoKey(`The file of the key, ${file}, is empty.`);
  return text.trim();
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
