import { join } from 'node:path';
import { repoRoot } from './repo-root.ts';

/** Where Node keeps what it compiled: thousands of processes of a test run load the same files (NODE_COMPILE_CACHE). */
export const compileCache = join(repoRoot, 'node_modules', '.cache', 'tests');
