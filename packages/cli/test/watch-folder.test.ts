import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../src/failure.ts';
import { openFolders } from '../src/watch/batch-folder.ts';

it('a watch makes its folders with what is missing above them, also where they are there already', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-watch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const root = join(folder, 'a', 'b');
  await Promise.all([openFolders(root), openFolders(root)]);
  await openFolders(root);
  expect(await readdir(root)).toEqual(['refused', 'sending', 'sent']);
  await writeFile(join(folder, 'file'), '');
  await expect(openFolders(join(folder, 'file'))).rejects.toThrow(/must be a folder.*\(E[A-Z]+\)/);
});

it.runIf(process.platform === 'linux').each(['/proc/no-such-process', '/proc/self/fd/new/deeper'])(
  'a watch of %s, where nothing can be made, is refused at once',
  async (root) => {
    const refused = openFolders(root);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/must be a folder with room that you may write to \(ENOENT\)/);
  },
);
