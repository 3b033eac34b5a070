import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Environment, readConfig, resolveSecrets, writableFolder } from '../src/index.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wsad-config-'));
});
afterEach(() => rm(root, { recursive: true }));

const resolveFrom = (env: Environment, role: 'all' | 'worker' = 'all') =>
  resolveSecrets(readConfig({ WSAD_DATA_DIR: join(root, 'data'), ...env }, { role }), { randomBytes });
const key = Buffer.alloc(32, 9);

describe('secrets of an embedded database', () => {
  it('are made once, told so, and kept for their owner alone', async () => {
    const first = await resolveFrom({});
    expect(first.made).toEqual({ vaultKey: true, adminToken: true });
    expect(first.vaultKey).toHaveLength(32);
    expect(first.adminToken).toMatch(/^wsad_admin_[0-9a-f]{48}$/);
    for (const name of await readdir(join(root, 'data'))) {
      expect((await stat(join(root, 'data', name))).mode & 0o777).toBe(0o600);
    }
    const second = await resolveFrom({});
    expect(second).toEqual({ ...first, made: { vaultKey: false, adminToken: false } });
  });

  it('are the same for two processes that start at once', async () => {
    const [one, other] = await Promise.all([resolveFrom({}), resolveFrom({})]);
    expect(one.vaultKey).toEqual(other.vaultKey);
    expect(one.adminToken).toBe(other.adminToken);
    expect(await readdir(join(root, 'data'))).toEqual(['admin.token', 'vault.key']);
  });

  it('give way to those of the environment, and nothing is written then', async () => {
    const secrets = await resolveFrom({
      VAULT_KEY: key.toString('base64'),
      ADMIN_TOKEN: 'given-admin-token',
    });
    expect(secrets).toEqual({
      vaultKey: key,
      earlierVaultKeys: [],
      adminToken: 'given-admin-token',
      made: { vaultKey: false, adminToken: false },
    });
    await expect(readdir(join(root, 'data'))).rejects.toThrow('ENOENT');
  });

  it('say what is wrong with a folder that cannot keep them', async () => {
    await writeFile(join(root, 'file'), '');
    const inside = { WSAD_DATA_DIR: join(root, 'file', 'data') };
    await expect(resolveFrom(inside)).rejects.toThrow(/^WSAD_DATA_DIR leads through a file/);
    await symlink(join(root, 'nowhere', 'deeper'), join(root, 'dangling'));
    const dangling = { WSAD_DATA_DIR: join(root, 'dangling') };
    await expect(resolveFrom(dangling)).rejects.toThrow(
      /^WSAD_DATA_DIR must be a folder.*\(E[A-Z]+\), for example/,
    );
  });

  it.runIf(process.platform === 'linux').each(['/proc/no-such-process', '/proc', '/proc/self/fd/new/deeper'])(
    'are refused at once in %s, where nothing can be made',
    async (folder) => {
      const refusal = /^WSAD_DATA_DIR must be a folder.*\(E[A-Z]+\), for example/;
      await expect(resolveFrom({ WSAD_DATA_DIR: folder })).rejects.toThrow(refusal);
      await expect(writableFolder(join(folder, 'postgres'))).rejects.toThrow(refusal);
    },
  );

  it('make the folder with what is missing above it, also for two that start at once', async () => {
    const folder = join(root, 'a', 'b', 'c');
    expect(await Promise.all([writableFolder(folder), writableFolder(folder)])).toEqual([folder, folder]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it('are never replaced where they are damaged', async () => {
    await resolveFrom({});
    const file = join(root, 'data', 'vault.key');
    await writeFile(file, 'half a k');
    await expect(resolveFrom({})).rejects.toThrow(/vault.key in WSAD_DATA_DIR is damaged/);
    expect(await readFile(file, 'utf8')).toBe('half a k');
  });
});

describe('the vault key before this one', () => {
  const server = { DATABASE_URL: 'postgres://db/wsad', VAULT_KEY: key.toString('base64') };
  const earlier = Buffer.alloc(32, 8);

  it('opens what it sealed, given or in a file', async () => {
    const given = await resolveFrom({ ...server, VAULT_KEY_PREVIOUS: earlier.toString('base64') }, 'worker');
    expect([given.vaultKey, given.earlierVaultKeys]).toEqual([key, [earlier]]);
    const file = join(root, 'earlier');
    const inFile = () => resolveFrom({ ...server, VAULT_KEY_PREVIOUS_FILE: file }, 'worker');
    await expect(inFile()).rejects.toThrow(/VAULT_KEY_PREVIOUS_FILE.*not there/);
    await writeFile(file, `${earlier.toString('base64')}\n`);
    expect((await inFile()).earlierVaultKeys).toEqual([earlier]);
  });

  it('is given once', () => {
    const both = { VAULT_KEY_PREVIOUS: earlier.toString('base64'), VAULT_KEY_PREVIOUS_FILE: '/run/key' };
    expect(() => readConfig({ ...server, ...both }, { role: 'worker' })).toThrow(/both set/);
  });
});

describe('VAULT_KEY_FILE', () => {
  const server = { DATABASE_URL: 'postgres://db/wsad' };

  it('is read, whatever white space surrounds it', async () => {
    const file = join(root, 'key');
    await writeFile(file, `${key.toString('base64')}\n`);
    const secrets = await resolveFrom({ ...server, VAULT_KEY_FILE: file }, 'worker');
    expect(secrets).toEqual({
      vaultKey: key,
      earlierVaultKeys: [],
      adminToken: null,
      made: { vaultKey: false, adminToken: false },
    });
  });

  it('stops the start where it is missing, unreadable or holds something else', async () => {
    const file = join(root, 'key');
    await expect(resolveFrom({ ...server, VAULT_KEY_FILE: file }, 'worker')).rejects.toThrow(/not there/);
    await expect(resolveFrom({ ...server, VAULT_KEY_FILE: root }, 'worker')).rejects.toThrow(/EISDIR/);
    await writeFile(file, 'no key');
    await expect(resolveFrom({ ...server, VAULT_KEY_FILE: file }, 'worker')).rejects.toThrow(
      /VAULT_KEY_FILE.*32 bytes/,
    );
  });
});
