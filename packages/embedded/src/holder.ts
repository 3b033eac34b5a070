import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';
import { isAlive, processFacts } from './process-facts.ts';

const POLL_MS = 50;
const FAST_STOP_MS = 10_000;

/** The server carries its owner's process id in its command line, from its first moment on. */
export function ownerFlag(ownerPid: number): string {
  return `cluster_name=wsad-${ownerPid}`;
}

/**
 * Makes sure no server holds the data folder: one that outlived its owner is stopped in an orderly way;
 * one whose owner lives is an `in-use` error. A postmaster.pid left by a dead server is PostgreSQL's to judge,
 * and is never deleted here.
 */
export async function releaseFromOrphan(pgData: string, signal: AbortSignal): Promise<void> {
  const pid = await postmasterPid(pgData);
  const facts = pid === null ? null : await processFacts(pid);
  if (pid === null || facts === null || !facts.command.includes(pgData)) return;
  const owner = Number(/cluster_name=wsad-(\d+)/.exec(facts.command)?.[1] ?? Number.NaN);
  if (facts.parentPid === owner || Number.isNaN(owner)) {
    throw new EmbeddedPostgresError(
      'in-use',
      `another process (${facts.parentPid}) already runs PostgreSQL on ${pgData}: stop it first, or name another data folder`,
    );
  }
  await stopStranger(pid, signal);
}

async function stopStranger(pid: number, signal: AbortSignal): Promise<void> {
  process.kill(pid, 'SIGINT');
  const patience = AbortSignal.any([signal, AbortSignal.timeout(FAST_STOP_MS)]);
  while (isAlive(pid) && !patience.aborted) await delay(POLL_MS);
  if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
}

async function postmasterPid(pgData: string): Promise<number | null> {
  const text = await readFile(join(pgData, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : null;
}
