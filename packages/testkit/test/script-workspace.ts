import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { repoRoot } from '../src/index.ts';

/** A workspace in miniature around the real scripts; every tool they call is a stand-in, and nothing is fetched. */
export interface ScriptWorkspace {
  root: string;
  /** Writes a file below the root, with its folders. */
  file(path: string, text: string): Promise<void>;
  /** Starts one of the scripts. */
  start(script: string, args?: string[], env?: Record<string, string>): ChildProcess;
  /** Runs one to its end. */
  run(script: string, args?: string[], env?: Record<string, string>): Promise<Finished>;
}

export interface Finished {
  code: number | null;
  output: string;
  lastLine: string;
}

// The stand-in for npx "installs" by linking this Node to where the workspace's own is expected.
const NPX = `#!/bin/sh
echo "$*" >> npx-calls
[ -e registry-is-down ] && { echo "no route to the registry"; exit 7; }
mkdir -p node_modules/node/bin && ln -sf '${process.execPath}' node_modules/node/bin/node
`;

export async function scriptWorkspace(): Promise<ScriptWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'wsad-scripts-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const file = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const program = async (name: string, text: string): Promise<void> => {
    await file(join('bin', name), text);
    await chmod(join(root, 'bin', name), 0o755);
  };
  await cp(join(repoRoot, 'scripts'), join(root, 'scripts'), { recursive: true });
  await file('package.json', '{"packageManager":"pnpm@0.0.0"}');
  await file('pnpm-lock.yaml', 'lockfileVersion: 9');
  await file('pnpm-workspace.yaml', 'packages: []');
  await file('apps/wsad/package.json', '{}');
  await file('packages/domain/package.json', '{}');
  await program('npx', NPX);
  await program('redis-server', '#!/bin/sh\n');
  const start: ScriptWorkspace['start'] = (script, args = [], env = {}) =>
    spawn(process.execPath, [join(root, 'scripts', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${join(root, 'bin')}:/usr/local/bin:/usr/bin:/bin`, ...env },
    });
  return { root, file, start, run: (...command) => finished(start(...command)) };
}

export async function finished(child: ChildProcess): Promise<Finished> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' };
}
