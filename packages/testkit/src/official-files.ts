import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { repoRoot } from './repo-root.ts';

export interface OfficialFiles {
  /** Absolute path of the folder with the Ministry's schemas, samples and specification. */
  root: string;
}

/**
 * The Ministry's own files, which lie beside the repository and are no part of it; null where they are
 * absent. Throws there under CI=true, where nothing may go untested.
 */
export function officialFiles(): OfficialFiles | null {
  const root = join(repoRoot, '..', 'shared', 'ksef');
  if (existsSync(root)) return { root };
  if (process.env.CI === 'true')
    throw new Error(`the official KSeF files are missing: expected them in ${root}`);
  return null;
}

/** A suite over the official files: skipped by name where they are absent, failing there under CI=true. */
export function describeWithOfficialFiles(name: string, suite: (files: OfficialFiles) => void): void {
  describeWhere(name, 'official KSeF files', officialFiles, suite);
}

/** A suite that needs something `find` brings: null skips the suite by name, a throw fails it. */
export function describeWhere<T>(
  name: string,
  need: string,
  find: () => T | null,
  suite: (found: T) => void,
): void {
  let found: T | null;
  try {
    found = find();
  } catch (error) {
    describe(name, () => {
      it(`has the ${need}`, () => {
        throw error;
      });
    });
    return;
  }
  const present = found;
  if (present !== null) describe(name, () => suite(present));
  else describe.skipIf(true)(name, () => it(`needs the ${need}`, () => {}));
}
