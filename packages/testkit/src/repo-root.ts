import { join } from 'node:path';

/** The root of the repository. */
export const repoRoot = join(import.meta.dirname, '..', '..', '..');
