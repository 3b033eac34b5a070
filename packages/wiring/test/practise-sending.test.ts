/** What a process practises leaves nothing behind, and never keeps it from starting. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Packager, World } from '@wsad/engine';
import { expect, it } from 'vitest';
import { createPackager } from '../src/packager.ts';
import { practiseSending } from '../src/practise-sending.ts';

type Practising = Parameters<typeof practiseSending>[0];

const clock = () => new Date('2026-03-31T22:30:00Z');
const silent = { probe: () => new Promise<never>(() => {}) } as unknown as World['ksef'];

async function practise(build: (packager: Packager) => Packager['build'], ksef: Practising['ksef']) {
  const spool = await mkdtemp(join(tmpdir(), 'practice-test-'));
  const packager = createPackager(spool);
  try {
    await practiseSending({
      clock,
      compression: 'TarGz',
      ksef,
      packager: { ...packager, build: build(packager) },
    });
    return await readdir(spool);
  } finally {
    await rm(spool, { recursive: true, force: true });
  }
}

it('builds a package and throws it away, also while KSeF is silent', async () => {
  const sizes: number[] = [];
  const left = await practise(
    ({ build }) =>
      async (input) => {
        const built = await build(input);
        sizes.push(built.sizeBytes);
        return built;
      },
    silent,
  );
  expect(sizes).toEqual([expect.any(Number)]);
  expect(left).toEqual([]);
});

it('asks KSeF for its keys once, and goes on whatever fails', async () => {
  let asked = 0;
  const refusing = {
    probe: async () => {
      asked += 1;
      throw new Error('KSeF is away');
    },
  } as unknown as World['ksef'];
  const full = () => async (): Promise<never> => {
    throw new Error('the disk is full');
  };
  expect(await practise(full, refusing)).toEqual([]);
  expect(asked).toBe(1);
});
