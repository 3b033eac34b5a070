import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../src/index.ts';
import { madeDataDir, query, temporaryFolder } from './helpers.ts';

it('finds no database where none was made', async () => {
  const folder = await temporaryFolder();
  expect(await findEmbeddedPostgres(folder)).toEqual({ state: 'absent' });
  expect(await findEmbeddedPostgres(join(folder, 'nowhere'))).toEqual({ state: 'absent' });
});

it('finds one that runs, can be read beside its owner, and stopped it is told as stopped', async () => {
  const dataDir = await madeDataDir();
  expect(await findEmbeddedPostgres(dataDir)).toEqual({ state: 'stopped' });
  const server = await startEmbeddedPostgres({ dataDir, fsync: false });
  const found = await findEmbeddedPostgres(dataDir);
  expect(found).toEqual({ state: 'running', url: server.url });
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  expect(await findEmbeddedPostgres(dataDir)).toEqual({ state: 'stopped' });
});
