import { expect, it } from 'vitest';
import { type Finished, scriptWorkspace } from './script-workspace.ts';

interface Stage {
  /** Exit codes of the gates before the tests. */
  lint?: number;
  types?: number;
  /** What the stand-in for vitest does: writes this report, then runs this code. */
  report?: unknown;
  ending?: string;
}

async function gate({ lint = 0, types = 0, report, ending = '' }: Stage): Promise<Finished> {
  const { file, run } = await scriptWorkspace();
  await file('node_modules/@biomejs/biome/bin/biome', `process.exit(${lint})`);
  await file('node_modules/typescript/bin/tsc', `process.exit(${types})`);
  await file(
    'node_modules/vitest/vitest.mjs',
    `import { writeFileSync } from 'node:fs';
     const [, path] = process.argv.find((argument) => argument.startsWith('--outputFile.json=')).split('=');
     ${report === undefined ? '' : `writeFileSync(path, ${JSON.stringify(JSON.stringify(report))});`}
     ${ending}`,
  );
  return run('test.mjs');
}

function testFile(name: string, ...states: string[]): unknown {
  const assertionResults = states.map((status) => ({
    status,
    ancestorTitles: ['', 'a suite'],
    title: 'a test',
  }));
  const failed = states.includes('failed') || states.length === 0;
  return { name, status: failed ? 'failed' : 'passed', message: 'why it failed\n  at x', assertionResults };
}

it('counts what passed', async () => {
  const ended = await gate({
    report: { testResults: [testFile('a', 'passed', 'passed'), testFile('b', 'passed')] },
  });
  expect(ended).toMatchObject({ code: 0, lastLine: '3 passed, 0 failed' });
});

it('names the suites that were skipped, each once', async () => {
  const ended = await gate({ report: { testResults: [testFile('a', 'passed', 'skipped', 'pending')] } });
  expect(ended).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed, 2 skipped' });
  expect(ended.output.match(/skipped: a > a suite/g)).toHaveLength(1);
});

it('fails with a failed test', async () => {
  const ended = await gate({
    report: { testResults: [testFile('a', 'passed', 'failed')] },
    ending: 'process.exit(1)',
  });
  expect(ended).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
});

it('counts a failed gate as one failed, runs the others, and names the command that mends it', async () => {
  const ended = await gate({ lint: 1, types: 2, report: { testResults: [testFile('a', 'passed')] } });
  // Types are checked twice: those of the servers, and those of the dashboard.
  expect(ended).toMatchObject({ code: 1, lastLine: '1 passed, 3 failed' });
  expect(ended.output).toContain('npm run format');
});

it('counts a test file that cannot be loaded as one failed', async () => {
  const ended = await gate({
    report: { testResults: [testFile('a', 'passed'), testFile('b')] },
    ending: 'process.exit(1)',
  });
  expect(ended).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
  expect(ended.output).toContain('b could not be run: why it failed');
});

it('fails when the test run is killed before it reports', async () => {
  const ended = await gate({ ending: `process.kill(process.pid, 'SIGKILL')` });
  expect(ended).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
  expect(ended.output).toContain('SIGKILL');
});

it('fails when every test passed and the run failed all the same', async () => {
  const ended = await gate({ report: { testResults: [testFile('a', 'passed')] }, ending: 'process.exit(1)' });
  expect(ended).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
});

it('fails when no test was run at all', async () => {
  const ended = await gate({ report: { testResults: [testFile('a', 'skipped')] } });
  expect(ended).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed, 1 skipped' });
});
