// The one gate: format and lint, types, build, tests. Its last own line is `N passed, N failed[, N skipped]`.
// Arguments go to vitest: npm test -- packages/domain
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureTestTools } from './test-tools.mjs';
import { packageManager, packageManifests, root } from './workspace.mjs';

// Output that goes to a file or a pipe is to be read as it is.
const uncoloured = process.stdout.isTTY ? [] : ['--colors=off'];

const gates = [
  {
    name: 'format and lint',
    command: [process.execPath, bin('@biomejs/biome/bin/biome'), 'ci', '.', ...uncoloured],
    mend: 'npm run format   (mends what can be mended by itself; the rest is listed above)',
  },
  {
    name: 'types',
    command: [process.execPath, bin('typescript/bin/tsc'), '-p', '.'],
    mend: 'mend the lines above, then: npm test',
  },
  {
    name: 'types of the dashboard',
    command: [process.execPath, bin('typescript/bin/tsc'), '-p', 'apps/dashboard'],
    mend: 'mend the lines above, then: npm test',
  },
  ...(anyPackageBuilds() ? [buildGate()] : []),
];

async function main() {
  const failedGates = [];
  for (const gate of gates) if (!(await passes(gate))) failedGates.push(gate);
  ensureTestTools();
  const tests = await runTests(process.argv.slice(2));
  for (const gate of failedGates) console.log(`\nFAILED: ${gate.name}. To mend it: ${gate.mend}`);
  for (const reason of tests.problems) console.log(`\nFAILED: ${reason}`);
  for (const name of tests.skippedSuites) console.log(`skipped: ${name}`);
  const failed = failedGates.length + tests.failed + tests.problems.length;
  const skips = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
  console.log(`\n${tests.passed} passed, ${failed} failed${skips}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function passes({ name, command }) {
  console.log(`\n== ${name}`);
  return (await run(command)) === 0;
}

async function runTests(args) {
  console.log('\n== tests');
  const folder = mkdtempSync(join(tmpdir(), 'wsad-test-'));
  const report = join(folder, 'report.json');
  const ending = await run([
    process.execPath,
    bin('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  try {
    return totals(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, ending);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts tests; whatever fails without being a test (a file that cannot be loaded, a crash) is a problem of its own. */
function totals(report, ending) {
  if (report === null) {
    const problems = [`the test run ended (${ending}) without a report`];
    return { passed: 0, failed: 0, skipped: 0, skippedSuites: [], problems };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ file, test })));
  const count = (...states) => tests.filter(({ test }) => states.includes(test.status)).length;
  const passed = count('passed');
  const failed = count('failed');
  const problems = report.testResults
    .filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    .map((file) => `${shown(file.name)} could not be run: ${firstLine(file.message)}`);
  if (passed + failed === 0) problems.push('no test was run at all');
  if (ending !== 0 && failed + problems.length === 0) {
    problems.push(`the test run ended with ${ending} though no test failed (an unhandled error, see above)`);
  }
  const skippedTests = tests.filter(({ test }) => !['passed', 'failed'].includes(test.status));
  const suites = skippedTests.map(({ file, test }) =>
    [shown(file.name), ...test.ancestorTitles.filter(Boolean)].join(' > '),
  );
  return { passed, failed, skipped: skippedTests.length, skippedSuites: [...new Set(suites)], problems };
}

function shown(file) {
  return file.startsWith(root) ? file.slice(root.length + 1) : file;
}

function firstLine(text) {
  return (text ?? '').trim().split('\n')[0];
}

function anyPackageBuilds() {
  return packageManifests().some((file) => {
    const { scripts } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return scripts?.build !== undefined;
  });
}

/** turbo runs the packages' scripts through pnpm, which npx brings. */
function buildGate() {
  const turbo = ['turbo', 'run', 'build', '--output-logs=new-only', '--ui=stream'];
  return {
    name: 'build',
    command: ['npx', '-y', '-p', packageManager(), ...turbo],
    mend: 'mend the lines above, then: npm test',
  };
}

function bin(path) {
  return join(root, 'node_modules', path);
}

/** Runs a command to its end and gives its exit code, or the signal or error that ended it. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        PATH: `${bin('.bin')}${delimiter}${process.env.PATH}`,
        TURBO_TELEMETRY_DISABLED: '1',
        ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }),
      },
    });
    const pass = () => child.kill('SIGTERM');
    for (const wish of ['SIGTERM', 'disconnect']) process.once(wish, pass);
    process.channel?.unref();
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      for (const wish of ['SIGTERM', 'disconnect']) process.off(wish, pass);
      resolve(code ?? signal);
    });
  });
}

await main();
