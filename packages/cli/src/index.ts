export type { Environment, Surroundings } from './environment.ts';
export { type Ending, EXIT_CODES } from './exit-codes.ts';
export { createProgram, run } from './program.ts';
