import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../../../shared/ksef');

/** The Ministry's files beside the repository; tests that need them are skipped by name where they are absent. */
export const officialFilesMissing = !existsSync(folder);

if (officialFilesMissing && process.env.CI === 'true') throw new Error('the official files are missing');

export function official(name: string): Buffer {
  return readFileSync(path.join(folder, name));
}

export function officialNames(name: string): string[] {
  return readdirSync(path.join(folder, name)).map((file) => path.join(name, file));
}
