/**
 * Loaded before a program of wsad (`--import`): its clock is the machine's plus what stands in the file that
 * CHAOS_CLOCK names, in milliseconds, read anew every few of them. Timers are the machine's.
 */
import { openSync, readSync } from 'node:fs';
import { env } from 'node:process';

const TEXT_BYTES = 20;

const file = openSync(env.CHAOS_CLOCK ?? '', 'r');
const text = Buffer.alloc(TEXT_BYTES);
const RealDate = Date;
const READ_EVERY_MS = 5;

let shiftMs = 0;
let readAtMs = Number.NEGATIVE_INFINITY;

function nowMs(): number {
  const atMs = performance.now();
  if (atMs - readAtMs > READ_EVERY_MS) {
    const length = readSync(file, text, 0, TEXT_BYTES, 0);
    shiftMs = Number(text.toString('latin1', 0, length));
    readAtMs = atMs;
  }
  return RealDate.now() + shiftMs;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], made) =>
    Reflect.construct(target, args.length === 0 ? [nowMs()] : args, made),
  apply: () => new RealDate(nowMs()).toString(),
  get: (target, name) => (name === 'now' ? nowMs : Reflect.get(target, name)),
});
