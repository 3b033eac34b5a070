import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';

const BIOME = join(repoRoot, 'node_modules/@biomejs/biome/bin/biome');

const FORBIDDEN = [
  ['packages/domain/src', '@wsad/ledger'],
  ['packages/domain/src', 'node:fs'],
  ['packages/ledger/src', '@wsad/ksef'],
  ['packages/ksef/src', '@wsad/engine'],
  ['packages/certificate/src', '@wsad/ledger'],
  ['packages/ksef/src', '@wsad/certificate'],
  ['packages/webhooks/src', '@wsad/ledger'],
  ['packages/ledger/src', '@wsad/webhooks'],
  ['packages/archive/src', '@wsad/testkit'],
  ['packages/engine/src', '@wsad/ledger'],
  ['packages/engine/src', 'bullmq'],
  ['packages/wiring/src', '@wsad/api'],
  ['apps/api/src', 'bullmq'],
  ['apps/worker/src', '@wsad/testkit'],
  ['apps/wsad/src', '@wsad/chaos'],
  ['apps/chaos/src', '@wsad/engine'],
  ['apps/emulator/src', '@wsad/domain'],
  ['packages/client/src', '@wsad/domain'],
  ['packages/client/src', 'node:fs'],
  ['packages/cli/src', '@wsad/domain'],
  ['apps/emulator/test', '@wsad/ksef'],
] as const;

const ALLOWED = [
  ['packages/ledger/src', '@wsad/domain'],
  ['packages/engine/src', '@wsad/domain'],
  ['packages/jobs/src', 'bullmq'],
  ['packages/wiring/src', '@wsad/ledger'],
  ['apps/api/src', '@wsad/engine'],
  ['packages/cli/src', '@wsad/client'],
  ['packages/cli/src', 'node:fs'],
  ['apps/api/src', '@wsad/certificate'],
] as const;

/** Files that our own lint rules find fault with, in a folder that has nothing but them. */
async function restricted(imports: readonly (readonly [string, string])[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-lint-'));
  await copyFile(join(repoRoot, 'biome.json'), join(folder, 'biome.json'));
  const files = imports.map(([path], index) => join(path, `x${index}.ts`));
  for (const [index, [, name]] of imports.entries()) {
    const file = join(folder, files[index] ?? '');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `import * as used from '${name}';\nexport const it = used;\n`);
  }
  const args = [BIOME, 'lint', '--colors=off', '--vcs-enabled=false', '--max-diagnostics=none', '.'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  await rm(folder, { recursive: true, force: true });
  return files.filter((file) =>
    (output + errors)
      .split('\n')
      .some((line) => line.startsWith(file) && line.includes('noRestrictedImports')),
  );
}

describe('the direction of imports', () => {
  it('is a lint rule that finds what it forbids', async () => {
    expect(await restricted(FORBIDDEN)).toEqual(FORBIDDEN.map(([path], index) => join(path, `x${index}.ts`)));
  });

  it('lets through what it allows', async () => {
    expect(await restricted(ALLOWED)).toEqual([]);
  });
});
