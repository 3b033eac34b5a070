import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/index.ts';
import { firstBlocked } from '../src/path-access.ts';
import { query, temporaryFolder } from './helpers.ts';

const stranger = { uid: 54_321, gid: 54_321 };

describe('who may read a path', () => {
  it('names the first folder that may not be entered', async () => {
    const open = await temporaryFolder();
    await chmod(open, 0o755);
    const closed = join(open, 'closed');
    await mkdir(join(closed, 'deep'), { recursive: true });
    await writeFile(join(closed, 'deep', 'file'), '');
    expect(await firstBlocked(join(closed, 'deep', 'file'), stranger)).toBe(null);
    await chmod(closed, 0o700);
    expect(await firstBlocked(join(closed, 'deep', 'file'), stranger)).toBe(closed);
    await chmod(closed, 0o711);
    expect(await firstBlocked(join(closed, 'deep', 'file'), stranger)).toBe(null);
  });

  it('names the file itself where only that may not be read', async () => {
    const open = await temporaryFolder();
    await chmod(open, 0o755);
    const file = join(open, 'file');
    await writeFile(file, '', { mode: 0o600 });
    expect(await firstBlocked(file, stranger)).toBe(file);
    expect(await firstBlocked(file, { uid: process.getuid?.() ?? 0, gid: 0 })).toBe(null);
  });
});

describe.skipIf(process.getuid?.() !== 0)('started as root', () => {
  it('runs as another user', async () => {
    const dataDir = await temporaryFolder();
    await chmod(dataDir, 0o755);
    const server = await startEmbeddedPostgres({ dataDir, fsync: false });
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('starts in a folder closed to others, or says which folder closes it and what to do', async () => {
    const dataDir = join(await temporaryFolder(), 'data');
    const [outcome] = await Promise.allSettled([startEmbeddedPostgres({ dataDir, fsync: false })]);
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject({
        code: 'blocked-path',
        message: expect.stringContaining('DATABASE_URL'),
      });
      return;
    }
    expect(await query(outcome.value.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await outcome.value.stop();
  });

  it('takes over data that another user owns', async () => {
    const parent = await temporaryFolder();
    const dataDir = join(parent, 'data');
    await chmod(parent, 0o755);
    const open = await startEmbeddedPostgres({ dataDir, fsync: false });
    await query(open.url, 'create table kept as select 9 as n');
    await open.stop();
    await chmod(parent, 0o700);
    const outcome = await startEmbeddedPostgres({ dataDir, fsync: false }).catch(() => null);
    if (outcome === null) return;
    expect(await query(outcome.url, 'select n from kept')).toEqual([{ n: 9 }]);
    await outcome.stop();
  });
});
