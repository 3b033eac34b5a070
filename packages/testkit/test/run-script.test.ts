import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { finished, scriptWorkspace } from './script-workspace.ts';

const MAIN = 'apps/wsad/src/main.ts';

it('sets the workspace up once, and again only when a manifest has changed', async () => {
  const { root, file, run } = await scriptWorkspace();
  const calls = () => readFileSync(join(root, 'npx-calls'), 'utf8').trim().split('\n');
  expect(await run('run.mjs', ['setup'])).toMatchObject({ code: 0 });
  expect(await run('run.mjs', ['setup'])).toMatchObject({ code: 0, output: '' });
  expect(calls()).toEqual([expect.stringContaining('pnpm@0.0.0 pnpm install --frozen-lockfile')]);
  await file('packages/domain/package.json', '{"changed":true}');
  expect((await run('run.mjs', ['setup'])).output).toContain('Workspace ready');
  expect(calls()).toHaveLength(2);
});

it('builds the dashboard where its sources are newer than what was built', async () => {
  const { root, file, run } = await scriptWorkspace();
  await file('pnpm-lock.yaml', '');
  for (const name of ['index.html', 'vite.config.ts', 'package.json', 'src/main.tsx'])
    await file(`apps/dashboard/${name}`, '{}');
  await file(
    'apps/dashboard/node_modules/vite/bin/vite.js',
    `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
     mkdirSync(process.argv[3] + '/dist', { recursive: true });
     writeFileSync(process.argv[3] + '/dist/index.html', '');
     appendFileSync('builds', 'x');`,
  );
  const builds = () => readFileSync(join(root, 'builds'), 'utf8').length;
  await run('run.mjs', ['setup']);
  await run('run.mjs', ['setup']);
  expect(builds()).toBe(1);
  await utimes(join(root, 'apps/dashboard/src/main.tsx'), new Date(), new Date(Date.now() + 60_000));
  await run('run.mjs', ['setup']);
  expect(builds()).toBe(2);
});

it('lets one of two that come at once set up while the other waits', async () => {
  const { root, run } = await scriptWorkspace();
  const both = await Promise.all([run('run.mjs', ['setup']), run('run.mjs', ['setup'])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(readFileSync(join(root, 'npx-calls'), 'utf8').trim().split('\n')).toHaveLength(1);
});

it('shows why the workspace could not be set up, and tries again the next time', async () => {
  const { file, run } = await scriptWorkspace();
  await file('registry-is-down', '');
  const failed = await run('run.mjs', ['start']);
  expect(failed).toMatchObject({ code: 1, lastLine: expect.stringContaining('npm run setup') });
  expect(failed.output).toContain('no route to the registry');
});

it('passes arguments on and takes over the exit code', async () => {
  const { file, run } = await scriptWorkspace();
  await file(MAIN, 'console.log(process.argv.slice(2).join("|")); process.exit(5);');
  const ended = await run('run.mjs', ['start', '--', '--invoices', '60']);
  expect(ended).toMatchObject({ code: 5, lastLine: '--invoices|60' });
});

it('names its commands when it is given none of them', async () => {
  const { run } = await scriptWorkspace();
  expect(await run('run.mjs', ['sart'])).toMatchObject({
    code: 2,
    lastLine: expect.stringContaining('start'),
  });
  expect(await run('run.mjs', ['bench'])).toMatchObject({
    code: 1,
    lastLine: expect.stringContaining('bench/main.ts'),
  });
});

it('passes SIGTERM on and waits for the command to end in its own way', async () => {
  const { file, start } = await scriptWorkspace();
  await file(
    MAIN,
    `const alive = setInterval(() => {}, 1e6);
     process.once('SIGTERM', () => { console.log('drained'); clearInterval(alive); process.exitCode = 3; });
     console.log('started');`,
  );
  const child = start('run.mjs', ['start']);
  await started(child.stdout);
  const end = finished(child);
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: 3, lastLine: 'drained' });
});

it('tells the command by the IPC channel that it was killed itself', async () => {
  const { root, file, start } = await scriptWorkspace();
  await file(
    MAIN,
    `import { writeFileSync } from 'node:fs';
     const alive = setInterval(() => {}, 1e6);
     process.once('disconnect', () => {
       writeFileSync('noticed', process.env.WSAD_PARENT_IPC ?? '');
       clearInterval(alive);
     });
     process.channel?.unref();
     console.log('started');`,
  );
  const child = start('run.mjs', ['start']);
  await started(child.stdout);
  const end = once(child, 'close'); // the command holds the same pipe: closed means that it has ended too
  child.kill('SIGKILL');
  await end;
  expect(existsSync(join(root, 'noticed'))).toBe(true);
  expect(readFileSync(join(root, 'noticed'), 'utf8')).toBe('1');
});

async function started(stdout: NodeJS.ReadableStream | null): Promise<void> {
  if (stdout === null) throw new Error('the script has no output');
  for await (const line of createInterface({ input: stdout })) if (line === 'started') return;
}
