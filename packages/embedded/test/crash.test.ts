import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/index.ts';
import { madeDataDir, processesNaming, query, startInOtherProcess, temporaryFolder } from './helpers.ts';

it('starts at once after a SIGKILL of the whole group, with all that was committed', async () => {
  const dataDir = await madeDataDir();
  const other = await startInOtherProcess(dataDir);
  await query(other.answer.url ?? '', 'create table kept as select generate_series(1, 1000) as n');
  process.kill(-other.pid, 'SIGKILL');
  const again = await startEmbeddedPostgres({ dataDir });
  expect(await query(again.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  await again.stop();
  expect(await processesNaming(dataDir)).toEqual([]);
});

it('leaves nothing running after a SIGKILL of the whole group, not even a busy backend', async () => {
  const other = await startInOtherProcess(await madeDataDir());
  const named = () => processesNaming(`wsad-${other.pid}`);
  await expect.poll(async () => (await named()).join('\n'), { timeout: 5_000 }).toContain('SELECT');
  process.kill(-other.pid, 'SIGKILL');
  await expect.poll(named, { timeout: 5_000 }).toEqual([]);
});

it('stops and replaces a server that outlived its process', async () => {
  const dataDir = await madeDataDir();
  const other = await startInOtherProcess(dataDir);
  await query(other.answer.url ?? '', 'create table kept as select 3 as n');
  other.child.kill('SIGKILL');
  await once(other.child, 'exit');
  const again = await startEmbeddedPostgres({ dataDir });
  expect(again.url).not.toBe(other.answer.url);
  expect(await query(again.url, 'select n from kept')).toEqual([{ n: 3 }]);
  await again.stop();
  expect(await processesNaming(dataDir)).toEqual([]);
});

it('leaves the server of a living process alone and says who holds the folder', async () => {
  const dataDir = await madeDataDir();
  const other = await startInOtherProcess(dataDir);
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining(String(other.pid)),
  });
  expect(await query(other.answer.url ?? '', 'select 1 as n')).toEqual([{ n: 1 }]);
  process.kill(-other.pid, 'SIGKILL');
  await once(other.child, 'exit');
});

it('lets one of several that make and start the same folder at once win', async () => {
  const dataDir = await temporaryFolder();
  const starts = await Promise.allSettled(
    [1, 2, 3].map(() => startEmbeddedPostgres({ dataDir, fsync: false })),
  );
  const winners = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const losers = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
  expect(winners).toHaveLength(1);
  expect(losers).toMatchObject([{ code: 'in-use' }, { code: 'in-use' }]);
  await winners[0]!.stop();
});

it('does not take a postmaster.pid of a live process that is no PostgreSQL for a server to stop', async () => {
  const dataDir = await madeDataDir();
  const first = await startEmbeddedPostgres({ dataDir, fsync: false });
  const pidFile = join(dataDir, 'cluster', 'data', 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  await first.stop();
  await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));
  const again = await startEmbeddedPostgres({ dataDir, fsync: false });
  await again.stop();
});
