/** What our deflating comes to beside zlib's levels: the invoices in a row, cut as a TarGz is. */
import { constants, deflateRawSync } from 'node:zlib';
import { createDeflater, WINDOW_BYTES } from '@wsad/deflate';
import type { Figures } from '../measure.ts';
import { watchedBest } from './delay.ts';

const LEVELS = [1, 2, 3, 4, 5, 6];
const BLOCK_BYTES = 512 * 1024;

/** Deflates all, and answers to how many bytes. */
type Work = () => number;

export async function levels(plain: Uint8Array, rounds: number): Promise<Figures> {
  const figures: Record<string, number> = {};
  const works: [string, Work][] = LEVELS.map((level) => [`zlibLevel${level}`, () => byZlib(plain, level)]);
  for (const [name, work] of [['own', byUs(plain)] as const, ...works]) {
    figures[`${name}Bytes`] = work();
    figures[`${name}CpuMs`] = (await watchedBest(rounds, async () => work())).cpuMs;
  }
  return figures;
}

function byUs(plain: Uint8Array): Work {
  const deflater = createDeflater();
  return () => {
    deflater.room(plain.length).set(plain);
    for (const [from, to] of blocksOf(plain)) deflater.deflate(from, to, to === plain.length);
    return deflater.deflated().length;
  };
}

function byZlib(plain: Uint8Array, level: number): number {
  let bytes = 0;
  for (const [from, to] of blocksOf(plain)) {
    const dictionary = from === 0 ? {} : { dictionary: plain.subarray(from - WINDOW_BYTES, from) };
    const options = { level, chunkSize: BLOCK_BYTES, finishFlush: constants.Z_SYNC_FLUSH, ...dictionary };
    bytes += deflateRawSync(plain.subarray(from, to), options).length;
  }
  return bytes;
}

function blocksOf({ length }: Uint8Array): [number, number][] {
  const borders = Array.from({ length: Math.ceil(length / BLOCK_BYTES) }, (_, block) => block * BLOCK_BYTES);
  return borders.map((from) => [from, Math.min(from + BLOCK_BYTES, length)]);
}
