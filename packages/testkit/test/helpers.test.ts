import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assert, integer, property } from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { eventually, officialFiles, repoRoot, seeded } from '../src/index.ts';

afterEach(() => vi.unstubAllEnvs());

it('answers with the first value that is there', async () => {
  const answers = [null, undefined, false, 0];
  expect(await eventually(() => answers.shift(), { intervalMs: 1 })).toBe(0);
});

it('says what did not come, and why the last time', async () => {
  const failing = eventually(() => Promise.reject(new Error('no such row')), {
    timeoutMs: 5,
    intervalMs: 1,
    what: 'the invoice',
  });
  await expect(failing).rejects.toMatchObject({
    message: 'the invoice did not come within 5 ms',
    cause: new Error('no such row'),
  });
});

it('knows the root of the repository', () => {
  expect(existsSync(join(repoRoot, 'pnpm-workspace.yaml'))).toBe(true);
});

it('answers the official files or null, and under CI=true throws instead of null', () => {
  vi.stubEnv('CI', 'false');
  const files = officialFiles();
  vi.stubEnv('CI', 'true');
  if (files === null) expect(officialFiles).toThrow('official KSeF files');
  else expect(existsSync(join(officialFiles()?.root ?? '', 'schemas'))).toBe(true);
});

it('runs properties from one seed, which a failure prints', () => {
  const seed = seeded();
  expect(seeded()).toBe(seed);
  const failing = property(integer(), () => false);
  expect(() => assert(failing)).toThrow(`seed: ${seed}`);
});
