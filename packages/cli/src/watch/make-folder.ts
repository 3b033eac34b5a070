/** Folders of the watch: made with what is missing above them, or refused at once. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../failure.ts';

export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFrom(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`${folder} must be a folder with room that you may write to (${code}).`);
  }
}

/** One after another: where nothing can be made, as below /proc, Node's own recursive mkdir goes on for ever. */
async function makeFrom(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== dirname(folder)) await makeFrom(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
