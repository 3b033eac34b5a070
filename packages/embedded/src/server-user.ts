import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.ts';
import { firstBlocked, type Ids } from './path-access.ts';

const run = promisify(execFile);

/** How to run PostgreSQL so that it does not see itself as root, which it refuses. */
export interface ServerUser {
  /** Put before every command; empty unless a user namespace is needed. */
  prefix: string[];
  /** Given to spawn. */
  ids: Ids | undefined;
  /** Who must own the data; undefined where that is whoever we are. */
  owner: Ids | undefined;
}

const OURSELVES: ServerUser = { prefix: [], ids: undefined, owner: undefined };

// In a user namespace root's files stay root's, while the process sees itself as an ordinary user.
const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/**
 * An ordinary user runs PostgreSQL as itself. Root runs it as `postgres`, else `nobody`; where that user
 * may not enter `paths` (a clone in a folder of mode 0700), in a user namespace, if the kernel lets us.
 */
export async function chooseServerUser(paths: string[]): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return OURSELVES;
  const ids = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  const blocked = ids === null ? '(no user postgres or nobody)' : await firstOf(paths, ids);
  if (ids !== null && blocked === null) return { prefix: [], ids, owner: ids };
  if (await namespaceWorks()) return { prefix: NAMESPACE, ids: undefined, owner: { uid: 0, gid: 0 } };
  throw new EmbeddedPostgresError(
    'blocked-path',
    `PostgreSQL refuses to run as root, and the other user it would run as may not enter or read ${blocked}. ` +
      'Run wsad as an ordinary user, or move it to a folder that others may enter (chmod o+rx), ' +
      'or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function firstOf(paths: string[], ids: Ids): Promise<string | null> {
  for (const path of paths) {
    const blocked = await firstBlocked(path, ids);
    if (blocked !== null) return blocked;
  }
  return null;
}

async function idsOf(name: string): Promise<Ids | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function namespaceWorks(): Promise<boolean> {
  const [command = '', ...args] = NAMESPACE;
  return run(command, [...args, 'true']).then(
    () => true,
    () => false,
  );
}
