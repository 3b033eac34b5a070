/** Folders of WSAD_DATA_DIR: made, or refused at once with what to do. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ConfigError, refuse } from './config-error.ts';

/** Makes the folder with what is missing above it, and answers it. Throws ConfigError where nothing can be written in it. */
export async function writableFolder(folder: string): Promise<string> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw notWritable(error);
  }
}

export function notWritable(error: unknown): ConfigError {
  return refuse('WSAD_DATA_DIR', `must be a folder with room that this user may write to (${codeOf(error)})`);
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/**
 * One folder after another: where nothing can be made in a folder that is there, /proc for one says ENOENT, and Node's own
 * recursive mkdir then makes the folder above it for ever.
 */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== dirname(folder)) await makeFolder(dirname(folder));
  // Another process may have been quicker.
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
