import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type System, startSystem } from './support/system.ts';
import { watchWire } from './support/wire.ts';

const BUILD_MS_MAX = 300_000;
const runFile = promisify(execFile);
let system: System;
let folder: string;

beforeAll(async () => {
  system = await startSystem({ queue: 'postgres', wire: watchWire() });
  folder = await mkdtemp(join(tmpdir(), 'wsad-pack-'));
});
afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

it(
  'packs into one file that npx runs without fetching anything',
  async () => {
    const npmEnv = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_offline: 'true' };
    const cwd = join(repoRoot, 'packages/cli');
    await runFile('npm', ['pack', '--pack-destination', folder], { cwd, env: npmEnv });
    const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const { url, key } = system.api;
    await system.api.putToken('5265877635');
    const packed = ['--yes', '--package', join(folder, tarball), 'wsad'];
    const { stdout } = await runFile('npx', [...packed, 'status', '--json'], {
      cwd: folder,
      env: { ...npmEnv, WSAD_URL: url, WSAD_KEY: key },
    }).catch((error: { stdout: string; code: number }) => {
      expect(error.code).toBe(1);
      return error;
    });
    expect(JSON.parse(stdout)).toMatchObject({ sellers: [{ nip: '5265877635' }] });
  },
  BUILD_MS_MAX,
);
