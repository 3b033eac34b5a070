/** What `npm pack` makes of the emulator runs without the workspace. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const emulator = path.resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const manifestSchema = z.object({
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

let folder = '';
let files: string[] = [];

/** Packs a copy, so that the working tree is left alone, and unpacks it where nothing of the workspace is near. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-package-'));
  const copy = path.join(folder, 'copy');
  for (const name of ['src', 'pack', 'package.json', 'vite.config.ts', 'README.md']) {
    await cp(path.join(emulator, name), path.join(copy, name), { recursive: true });
  }
  await symlink(path.join(emulator, 'node_modules'), path.join(copy, 'node_modules'));
  const before = await readFile(path.join(copy, 'package.json'), 'utf8');
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy });
  expect(await readFile(path.join(copy, 'package.json'), 'utf8')).toBe(before);
  files = await unpack();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function unpack(): Promise<string[]> {
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  const entries = createReadStream(path.join(folder, tarball)).pipe(createGunzip()).pipe(extract());
  const names: string[] = [];
  for await (const entry of entries) {
    const target = path.join(folder, entry.header.name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await buffer(entry));
    names.push(entry.header.name.replace(/^package\//, ''));
  }
  return names;
}

async function manifestOf(place: string): Promise<z.infer<typeof manifestSchema>> {
  return manifestSchema.parse(JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8')));
}

test('it holds the built files and a manifest any npm can read', async () => {
  const { bin, exports, dependencies } = await manifestOf(path.join(folder, 'package'));
  for (const file of [...Object.values(bin), ...Object.values(exports)]) {
    expect(files).toContain(path.normalize(file));
  }
  expect(files.filter((name) => !/^(dist\/.*\.js|README\.md|package\.json)$/.test(name))).toEqual([]);
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('its command answers with nothing but the libraries it names', async () => {
  const place = path.join(folder, 'package');
  const { bin, dependencies } = await manifestOf(place);
  for (const name of Object.keys(dependencies)) {
    await mkdir(path.dirname(path.join(place, 'node_modules', name)), { recursive: true });
    await symlink(path.join(emulator, 'node_modules', name), path.join(place, 'node_modules', name));
  }
  const command = path.join(place, bin['ksef-emulator'] ?? '');
  const child = spawn(process.execPath, [command, '--port', '0', '--speed', 'instant']);
  const [line] = await once(createInterface(child.stdout), 'line');
  const url = /http:\S+\/v2/.exec(String(line))?.[0] ?? '';
  expect((await fetch(`${url}/auth/challenge`, { method: 'POST' })).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
