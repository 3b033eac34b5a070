import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoiceOf } from './support/sellers.ts';
import { type System, startSystem, TODAY } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const NIP = '5265877635';
const runFile = promisify(execFile);

/** Run here, block after block, as one script in a folder that looks like the clone. */
const RUN = [
  'README.md',
  'docs/for-developers.md',
  'docs/for-operators.md',
  'docs/cli.md',
  'docs/webhooks.md',
];

/** Not run here: how each begins, and the test that runs it, or reads what it starts, with words found there. */
const HELD_BY: readonly (readonly [RegExp, test: string, words: string])[] = [
  [/^npm run demo/, 'apps/wsad/test/demo.test.ts', "startNpm('demo'"],
  [/^npm test/, 'scripts/test.mjs', 'The one gate'],
  [/^npm run emulator/, 'apps/wsad/test/support/ksef-process.ts', 'startKsef'],
  [/^KSEF_BASE_URL=\S+ npm start/, 'apps/wsad/test/support/npm-start.ts', "startNpm('start'"],
  [/^npm run doctor/, 'apps/wsad/test/doctor.test.ts', "runCommand('doctor'"],
  [/^npm run backup/, 'apps/wsad/test/backup.test.ts', "runCommand('backup'"],
  [/^npm run restore/, 'apps/wsad/test/backup.test.ts', "runCommand('restore'"],
  [/^npm run reconcile/, 'apps/wsad/test/backup.test.ts', "runCommand('reconcile'"],
  [/^npm run vault/, 'apps/wsad/test/vault.test.ts', "runCommand('vault'"],
  [/^node apps\/(api|worker|poller)\/src\/main/, 'apps/wsad/test/support/processes.ts', '/src/main.ts'],
  [/^(?:[A-Z_]+=\S+ )*docker |^export VAULT_KEY=/, 'apps/wsad/test/infra.test.ts', 'docker-compose.yml'],
];

/** One command an element: comments left out, lines that go on joined. */
function commandsOf(page: string): string[] {
  return [...page.matchAll(/^ *```(?:sh|bash)\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

const isHeld = (command: string): boolean => HELD_BY.some(([begins]) => begins.test(command));

let system: System;
let clone: string;
beforeAll(async () => {
  system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  clone = await mkdtemp(join(tmpdir(), 'wsad-docs-'));
  for (const name of ['package.json', 'scripts', 'docs'])
    await symlink(join(repoRoot, name), join(clone, name));
  for (const folder of ['.data', 'invoices']) await mkdir(join(clone, folder));
  for (const file of ['.data/admin.token', '.wsad-key']) await writeFile(join(clone, file), system.api.key);
  await writeFile(join(clone, 'invoices', 'one.xml'), invoiceOf(NIP, 'FV/CLI/1').xml);
});
afterAll(async () => {
  await system.close();
  await rm(clone, { recursive: true, force: true });
});
const wire = watchWire();

/** Curl fails where the API refuses, today is the system's, and wsad is what npx would run. */
const PRELUDE = `set -euo pipefail
curl() { command curl -sS --fail-with-body "$@"; echo; }
date() { echo ${TODAY}; }
wsad() { "$NODE" "$CLI" "$@"; }
`;

async function run(page: string): Promise<string> {
  const commands = commandsOf(await readFile(join(repoRoot, page), 'utf8')).filter((one) => !isHeld(one));
  const script = commands
    .join('\n')
    .replaceAll('http://127.0.0.1:8080', system.api.url)
    .replaceAll('https://wsad.example.com', system.api.url);
  const { PATH = '' } = process.env;
  const own = { NODE: process.execPath, CLI: join(repoRoot, 'packages/cli/src/main.ts') };
  const env = { PATH, HOME: clone, ...own, WSAD_URL: system.api.url, KEY: system.api.key };
  const { stdout } = await runFile('bash', ['-c', PRELUDE + script], { cwd: clone, env });
  return stdout;
}

describe('commands in the documentation', () => {
  it.each(RUN)('%s does what it says', { timeout: 60_000 }, async (page) => {
    const said = await run(page);
    if (page !== 'docs/webhooks.md' && page !== 'docs/for-operators.md') expect(said).toContain('cleared');
  });

  it('are all run, here or by a test that is named', async () => {
    const pages = (await readdir(join(repoRoot, 'docs'), { recursive: true }))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name))
      .filter((page) => !RUN.includes(page));
    const loose: string[] = [];
    for (const page of pages)
      loose.push(...commandsOf(await readFile(join(repoRoot, page), 'utf8')).filter((one) => !isHeld(one)));
    expect(loose).toEqual([]);
    for (const [, test, words] of HELD_BY)
      expect([test, (await readFile(join(repoRoot, test), 'utf8')).includes(words)]).toEqual([test, true]);
  });
});

describeWire(wire);
