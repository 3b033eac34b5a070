import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.ts');

test('the command prints one line with its address, answers, and ends on SIGTERM', async () => {
  const child = spawn(process.execPath, [main, '--port', '0', '--speed', 'instant', '--no-xsd', '--strict']);
  const [line] = await once(createInterface(child.stdout), 'line');
  const url = /http:\/\/127\.0\.0\.1:\d+\/v2/.exec(String(line))?.[0] ?? '';
  expect((await fetch(`${url}/auth/challenge`, { method: 'POST' })).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a scenario file is read, and a wrong one stops the start with its fault', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'scenario-'));
  const file = path.join(folder, 'scenario.json');
  await writeFile(file, '[{"fault": "no-such-fault"}]');
  const child = spawn(process.execPath, [main, '--port', '0', '--scenario', file]);
  const told = await text(child.stderr);
  expect(told).toContain('There is no fault named no-such-fault');

  await writeFile(file, '[{"fault": "challenge-503"}]');
  const good = spawn(process.execPath, [main, '--port', '0', '--speed', 'instant', '--scenario', file]);
  const [line] = await once(createInterface(good.stdout), 'line');
  const url = /http:\S+\/v2/.exec(String(line))?.[0] ?? '';
  expect((await fetch(`${url}/auth/challenge`, { method: 'POST' })).status).toBe(503);
  good.kill('SIGTERM');
  await once(good, 'exit');
  await rm(folder, { recursive: true });
});

test('a port that is taken stops the start', async () => {
  const first = spawn(process.execPath, [main, '--port', '0', '--speed', 'instant', '--no-xsd']);
  const [line] = await once(createInterface(first.stdout), 'line');
  const port = /:(\d+)\/v2/.exec(String(line))?.[1] ?? '';
  const second = spawn(process.execPath, [main, '--port', port, '--no-xsd']);
  const [told, ended] = await Promise.all([text(second.stderr), once(second, 'exit')]);
  expect(told).toContain('EADDRINUSE');
  expect(ended).toEqual([1, null]);
  first.kill('SIGTERM');
  expect(await once(first, 'exit')).toEqual([0, null]);
});

test('an unknown value stops the start', async () => {
  const child = spawn(process.execPath, [main, '--speed', 'warp']);
  const [code] = await once(child, 'exit');
  expect(code).not.toBe(0);
});

test.runIf(process.platform === 'linux')(
  'a folder in which nothing can be made stops the start',
  async () => {
    const child = spawn(process.execPath, [main, '--port', '0', '--state', '/proc/no-such-process/state']);
    const [told, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(told).toContain('--state must be a folder with room that this user may write to');
    expect(code).not.toBe(0);
  },
);
