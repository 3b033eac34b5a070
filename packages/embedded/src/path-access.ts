import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Ids {
  uid: number;
  gid: number;
}

const EXECUTE = 0o1;
const READ = 0o4;

/**
 * The first folder on the way to `path` that the given user may not enter, or `path` itself if it may
 * not be read; null when everything is open. Looks at mode bits only, as the root user who asks could
 * enter everything anyway.
 */
export async function firstBlocked(path: string, ids: Ids): Promise<string | null> {
  for (const folder of foldersAbove(path)) {
    if (!(await allows(folder, ids, EXECUTE))) return folder;
  }
  return (await allows(path, ids, READ)) ? null : path;
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

async function allows(path: string, ids: Ids, bit: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  if (uid === ids.uid) return (mode & (bit << 6)) !== 0;
  if (gid === ids.gid) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}
