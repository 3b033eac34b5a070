#!/usr/bin/env node
/** wsad, the command: arguments in, exit code out. */
import { setTimeout as delay } from 'node:timers/promises';
import { ownEnvironment } from './environment.ts';
import { run } from './program.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// Whoever reads no further, such as head, has what it wanted.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), {
  environment: ownEnvironment(),
  input: process.stdin,
  out: process.stdout,
  err: process.stderr,
  signal: stop.signal,
  clock: () => new Date(),
  pause: (ms) => delay(ms, undefined, { signal: stop.signal }),
});
