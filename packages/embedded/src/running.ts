/** Finds the server that another process of ours runs on a data folder, to look into it without stopping anything. */
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ROLE } from './cluster.ts';
import { urlOf } from './database.ts';
import { processFacts } from './process-facts.ts';

export type FoundCluster =
  /** Nobody has made a database here yet. */
  | { readonly state: 'absent' }
  /** There is one, and no server runs on it. */
  | { readonly state: 'stopped' }
  | { readonly state: 'running'; readonly url: string };

/** `dataDir` and `database` as in startEmbeddedPostgres. */
export async function findEmbeddedPostgres(dataDir: string, database = 'wsad'): Promise<FoundCluster> {
  const folder = await realpath(dataDir).catch(() => null);
  if (folder === null) return { state: 'absent' };
  const password = await readFile(join(folder, 'cluster', 'password'), 'utf8').catch(() => null);
  if (password === null) return { state: 'absent' };
  const pgData = join(folder, 'cluster', 'data');
  // Process id, folder, start, port, socket folder, address: a line each.
  const lines = (await readFile(join(pgData, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  const facts = pid > 0 && port > 0 ? await processFacts(pid) : null;
  if (facts === null || !facts.command.includes(pgData)) return { state: 'stopped' };
  return { state: 'running', url: urlOf({ port, role: ROLE, password: password.trim() }, database) };
}
