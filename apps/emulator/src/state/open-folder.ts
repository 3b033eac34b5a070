/** The folder of `--state`: made with what is missing above it, or refused at once. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

export async function openFolder(folder: string): Promise<string> {
  try {
    await make(path.resolve(folder));
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Error(
      `--state must be a folder with room that this user may write to, not ${folder} (${code})`,
    );
  }
}

/** From the top down: below /proc nothing can be made, and there a recursive mkdir of Node's never ends. */
async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== path.dirname(folder)) await make(path.dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
