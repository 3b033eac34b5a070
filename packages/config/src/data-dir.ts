/** Folders that are to be written to, those of WSAD_DATA_DIR above all: made, or refused at once with what to do. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ConfigError, refuse } from './config-error.ts';

export interface FolderWish {
  /** What is thrown where nothing can be written in it, told why by the system's own code. */
  readonly refusal?: (code: string) => Error;
  /** Of folders that are made. */
  readonly mode?: number;
}

/** Makes the folder with what is missing above it, and answers it. Throws ConfigError where nothing else is wished for. */
export async function writableFolder(
  folder: string,
  { refusal = notWritable, mode = 0o777 }: FolderWish = {},
): Promise<string> {
  try {
    await makeFolder(folder, mode);
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw refusal(codeOf(error));
  }
}

export function notWritable(code: string): ConfigError {
  return refuse('WSAD_DATA_DIR', `must be a folder with room that this user may write to (${code})`);
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/**
 * One folder after another: where nothing can be made in a folder that is there, /proc for one says ENOENT, and Node's own
 * recursive mkdir then makes the folder above it for ever.
 */
async function makeFolder(folder: string, mode: number): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== dirname(folder)) await makeFolder(dirname(folder), mode);
  // Another process may have been quicker.
  await mkdir(folder, { mode }).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
