import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFreePort, startEmbeddedPostgres } from '../src/index.ts';
import { madeDataDir, processesNaming, query, temporaryFolder } from './helpers.ts';

it('keeps the data over stop and start, and leaves nothing running', async () => {
  const dataDir = await madeDataDir();
  const first = await startEmbeddedPostgres({ dataDir });
  await query(first.url, 'create table kept as select 7 as n');
  await Promise.all([first.stop(), first.stop()]);
  await first.exited;
  const second = await startEmbeddedPostgres({ dataDir });
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await second.stop();
  expect(await processesNaming(dataDir)).toEqual([]);
});

it('serves a durable, UTF8, locale C database on loopback alone', async () => {
  const port = await findFreePort();
  const server = await startEmbeddedPostgres({ dataDir: await madeDataDir(), port });
  expect(new URL(server.url).host).toBe(`127.0.0.1:${port}`);
  const rows = await query(
    server.url,
    `select name, setting from pg_settings where name in
     ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'server_encoding')
     order by name`,
  );
  expect(rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
    'fsync=on',
    'full_page_writes=on',
    'listen_addresses=127.0.0.1',
    'server_encoding=UTF8',
    'synchronous_commit=on',
    'unix_socket_directories=',
  ]);
  expect(await query(server.url, 'select current_database() as name')).toEqual([{ name: 'wsad' }]);
  await server.stop();
});

it('asks for the password, and keeps it in a file that only its owner reads', async () => {
  const dataDir = await temporaryFolder();
  const log: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir, fsync: false, onLog: (line) => log.push(line) });
  const { password } = new URL(server.url);
  await expect(query(server.url.replace(password, 'wrong'), 'select 1')).rejects.toThrow('password');
  await server.stop();
  const { mode } = await stat(join(dataDir, 'cluster', 'password'));
  expect(mode & 0o777).toBe(0o600);
  expect(log.join('\n')).toContain('ready to accept connections');
  expect(log.join('\n')).not.toContain(password);
});

it('says which port is taken, and starts on another', async () => {
  const dataDir = await madeDataDir();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startEmbeddedPostgres({ dataDir, port, fsync: false })).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(String(port)),
  });
  const server = await startEmbeddedPostgres({ dataDir, fsync: false });
  expect(server.port).not.toBe(port);
  await server.stop();
  other.close();
});

it('passes flags on and makes the database asked for', async () => {
  const server = await startEmbeddedPostgres({
    dataDir: await madeDataDir(),
    fsync: false,
    flags: ['-c', 'max_connections=17'],
    database: 'Łódź books',
  });
  expect(await query(server.url, 'show max_connections')).toEqual([{ max_connections: '17' }]);
  expect(await query(server.url, 'select current_database() as name')).toEqual([{ name: 'Łódź books' }]);
  await server.stop();
});

it('refuses data of another major version', async () => {
  const dataDir = await madeDataDir();
  await writeFile(join(dataDir, 'cluster', 'data', 'PG_VERSION'), '15\n');
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: 'wrong-version',
    message: expect.stringContaining('PostgreSQL 15'),
  });
});

it('makes no cluster among files that are not its own', async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'thesis.docx'), '');
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: 'foreign-folder',
    message: expect.stringContaining('thesis.docx'),
  });
  const notOurs = await temporaryFolder();
  await mkdir(join(notOurs, 'cluster'));
  await expect(startEmbeddedPostgres({ dataDir: notOurs })).rejects.toMatchObject({ code: 'foreign-folder' });
});

it('shows the last words of a server that does not start', async () => {
  const flags = ['-c', 'max_connections=none'];
  const start = startEmbeddedPostgres({ dataDir: await madeDataDir(), fsync: false, flags });
  await expect(start).rejects.toMatchObject({
    code: 'start-failed',
    message: expect.stringContaining('max_connections'),
  });
});

it('clears away what a process that died while making a cluster left behind', async () => {
  const dataDir = await temporaryFolder();
  const deadPid = 2 ** 22 + 1;
  await mkdir(join(dataDir, `new-${deadPid}-00`, 'data'), { recursive: true });
  const server = await startEmbeddedPostgres({ dataDir, fsync: false });
  await server.stop();
  expect(await readdir(dataDir)).toEqual(['cluster']);
});
