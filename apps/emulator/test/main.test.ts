import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
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

test('an unknown value stops the start', async () => {
  const child = spawn(process.execPath, [main, '--speed', 'warp']);
  const [code] = await once(child, 'exit');
  expect(code).not.toBe(0);
});
