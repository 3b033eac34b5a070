/** The commands that back a ledger up and put it back, on the machine's own PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { describeWithSystemPostgres, type SystemPostgres, startSystemPostgres } from '@wsad/testkit';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { copiedRows } from '../src/backup/archive.ts';
import { runCommand } from './support/run-command.ts';
import { newSeller } from './support/sellers.ts';

it('reads the rows of a COPY, and none where there is none', () => {
  const script = 'SET x = 1;\nCOPY public.t (a, b) FROM stdin;\n1\t\\N\ntwo words\tx\n\\.\n\nCOPY';
  expect(copiedRows(script)).toEqual([
    { a: '1', b: null },
    { a: 'two words', b: 'x' },
  ]);
  expect(copiedRows('SET x = 1;\n')).toEqual([]);
});

describeWithSystemPostgres('backup and restore', (binDir) => {
  const vaultKey = randomBytes(32);
  const now = new Date('2026-11-16T10:00:00Z');
  let postgres: SystemPostgres;
  let folder: string;
  beforeAll(async () => {
    postgres = await startSystemPostgres(binDir);
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wsad-backup-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  const envOf = (databaseUrl: string, more: Record<string, string> = {}) => ({
    DATABASE_URL: databaseUrl,
    VAULT_KEY: vaultKey.toString('base64'),
    ADMIN_TOKEN: 'an-administrator-of-tests',
    WSAD_DATA_DIR: folder,
    WSAD_PG_BIN: binDir,
    ...more,
  });

  /** A ledger of TEST with a seller. */
  async function someLedger(nip: string): Promise<string> {
    const url = await postgres.database();
    await at(url, async (ledger) => {
      await ledger.migrate();
      await ledger.bindEnvironment('TEST');
      await ledger.verifyVaultKey();
      const secret = { type: 'ksefToken', token: 'a-token-of-tests' } as const;
      await ledger.putCredentials({ owner: { nip }, secret, actor: 'test', now });
    });
    return url;
  }

  async function at<T>(databaseUrl: string, work: (ledger: PostgresLedger) => Promise<T>): Promise<T> {
    const ledger = createLedger({ databaseUrl, vaultKey, connectionsMax: 2 });
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  }

  async function backup(databaseUrl: string): Promise<string> {
    const { code, errors, output } = await runCommand('backup', envOf(databaseUrl), '--to', folder);
    expect([code, errors]).toEqual([0, '']);
    return /^\S+\.dump/.exec(output)?.[0] ?? '';
  }

  const sellersAt = (url: string) =>
    at(url, async (ledger) =>
      (await ledger.sellersPage('all', null, 10, new Date())).items.map(({ nip }) => nip),
    );

  it('bring a ledger into an empty database, with its secrets, marked as behind', async () => {
    const nip = newSeller();
    const file = await backup(await someLedger(nip));
    expect(file).toMatch(/wsad-TEST-\d{8}T\d{6}Z\.dump$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toHaveLength(1);
    const anew = await postgres.database();
    const restored = await runCommand('restore', envOf(anew), '--from', file);
    expect([restored.code, restored.errors]).toEqual([0, '']);
    expect(restored.output).toContain('KSeF is asked for what it got since 2026-11-16T09:50:00.000Z');
    await at(anew, async (ledger) => {
      expect(await ledger.credentialOf(nip)).toMatchObject({ token: 'a-token-of-tests' });
      const status = await ledger.sellerStatus(nip, now);
      expect(status?.reconciling?.since).toEqual(new Date('2026-11-16T09:50:00Z'));
    });
    expect(await sellersAt(anew)).toEqual([nip]);
    const again = await backup(anew);
    const third = await postgres.database();
    expect((await runCommand('restore', envOf(third), '--from', again)).errors).toBe('');
    expect(await sellersAt(third)).toEqual([nip]);
  });

  it('leave a database alone that is not empty, until they are told to replace it', async () => {
    const [nip, other] = [newSeller(), newSeller()];
    const file = await backup(await someLedger(nip));
    const occupied = await someLedger(other);
    const refused = await runCommand('restore', envOf(occupied), '--from', file);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/not empty.*--force/)]);
    expect(await sellersAt(occupied)).toEqual([other]);
    const forced = await runCommand('restore', envOf(occupied), '--from', file, '--force');
    expect([forced.code, forced.errors]).toEqual([0, '']);
    expect(await sellersAt(occupied)).toEqual([nip]);
  });

  it('leave a database alone that somebody is connected to', async () => {
    const nip = newSeller();
    const url = await someLedger(nip);
    const file = await backup(url);
    await at(url, async (ledger) => {
      await ledger.ping();
      for (const args of [['--from', file, '--force'], ['--mark']]) {
        const { code, errors } = await runCommand('restore', envOf(url), ...args);
        expect([code, errors]).toEqual([1, expect.stringMatching(/1 other connections.*stop every process/)]);
      }
    });
    expect(await at(url, (ledger) => ledger.sellerStatus(nip, now))).toMatchObject({ reconciling: null });
  });

  it("refuse another environment's file, a newer wsad's, and one that is no backup", async () => {
    const url = await someLedger(newSeller());
    const file = await backup(url);
    const anew = await postgres.database();
    const elsewhere = await runCommand('restore', envOf(anew, { KSEF_ENV: 'DEMO' }), '--from', file);
    expect(elsewhere.errors).toMatch(/environment TEST, and KSEF_ENV is DEMO: set KSEF_ENV=TEST/);
    await at(url, ({ pool }) => pool.query(`INSERT INTO schema_migrations VALUES ('9999_newer.sql', '')`));
    const newer = await runCommand('restore', envOf(anew), '--from', await backup(url));
    expect(newer.errors).toMatch(/newer wsad \(its schema has 9999_newer\.sql\)/);
    const nothing = join(folder, 'nothing.dump');
    await writeFile(nothing, 'no dump');
    expect((await runCommand('restore', envOf(anew), '--from', nothing)).code).toBe(1);
    expect(await at(anew, (ledger) => ledger.lookAtTarget())).toMatchObject({ tables: 0, unfinished: false });
  });

  it.runIf(process.platform === 'linux').each(['/proc/no-such-process', '/proc/self/fd/new/deeper'])(
    'refuse at once to be made in %s, where nothing can be made',
    async (nowhere) => {
      const url = await someLedger(newSeller());
      const { code, errors } = await runCommand('backup', envOf(url), '--to', nowhere);
      expect([code, errors]).toEqual([
        1,
        expect.stringMatching(/a backup needs a folder.*\(ENOENT\): name one with --to/),
      ]);
    },
  );

  it('say which version of the programs is needed, and where they are looked for', async () => {
    const url = await someLedger(newSeller());
    const bin = join(folder, 'bin');
    const absent = await runCommand('backup', envOf(url, { WSAD_PG_BIN: bin }));
    expect(absent.errors).toMatch(/bin\/pg_dump is not there: install.*WSAD_PG_BIN/);
    const old = await mkdtemp(join(folder, 'old-'));
    await writeFile(join(old, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 14.1"\n');
    await chmod(join(old, 'pg_dump'), 0o755);
    const { code, errors } = await runCommand('backup', envOf(url, { WSAD_PG_BIN: old }));
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/pg_dump is of version 14 and the database of/),
    ]);
    const none = await runCommand('backup', envOf(await postgres.database()));
    expect(none.errors).toMatch(/wsad never started on it/);
  });

  it('put everything back as it was where putting back fails', async () => {
    const [nip, other] = [newSeller(), newSeller()];
    const file = await backup(await someLedger(nip));
    const occupied = await someLedger(other);
    const broken = await mkdtemp(join(folder, 'broken-'));
    const script = `#!/bin/sh
case "$1" in
  --dbname=*) echo "cut off" >&2; exit 1 ;;
  *) exec ${join(binDir, 'pg_restore')} "$@" ;;
esac
`;
    await writeFile(join(broken, 'pg_restore'), script, { mode: 0o755 });
    const env = envOf(occupied, { WSAD_PG_BIN: broken });
    const failed = await runCommand('restore', env, '--from', file, '--force');
    expect([failed.code, failed.errors]).toEqual([1, expect.stringContaining('cut off')]);
    expect(await sellersAt(occupied)).toEqual([other]);
    expect(await at(occupied, (ledger) => ledger.lookAtTarget())).toMatchObject({ unfinished: false });
  });

  it('killed in the middle they leave a database that nothing starts on, and may be run again', async () => {
    const nip = newSeller();
    const file = await backup(await someLedger(nip));
    const occupied = await someLedger(newSeller());
    await at(occupied, (ledger) => ledger.beginPuttingBack());
    const asked = await runCommand('reconcile', envOf(occupied), '--since', '2026-11-16T09:00:00Z');
    expect([asked.code, asked.errors]).toEqual([
      1,
      expect.stringMatching(/not finished: run npm run restore/),
    ]);
    expect((await runCommand('restore', envOf(occupied), '--from', file)).errors).toBe('');
    expect(await sellersAt(occupied)).toEqual([nip]);
  });

  it('mark a database that was put back by other means', async () => {
    const nip = newSeller();
    const url = await someLedger(nip);
    expect((await runCommand('restore', envOf(url), '--mark')).errors).toBe('');
    expect(await at(url, (ledger) => ledger.sellerStatus(nip, now))).toMatchObject({
      reconciling: { since: new Date('2026-11-16T09:50:00Z') },
    });
    const empty = await runCommand('restore', envOf(await postgres.database()), '--mark');
    expect(empty.errors).toMatch(/this ledger is empty, so nothing was put back/);
  });

  it('say what they did not understand', async () => {
    const url = await postgres.database();
    for (const args of [[], ['--mark', '--force']])
      expect(await runCommand('restore', envOf(url), ...args)).toMatchObject({
        code: 2,
        errors: expect.stringContaining('usage: npm run restore'),
      });
    for (const args of [['--since', 'yesterday'], ['--skip']])
      expect(await runCommand('reconcile', envOf(url), ...args)).toMatchObject({ code: 2 });
  });

  it('ask for one seller, and let it go', async () => {
    const nip = newSeller();
    const url = await someLedger(nip);
    const env = envOf(url);
    const asked = await runCommand('reconcile', env, '--nip', nip, '--since', '2026-11-16T09:00:00Z');
    expect([asked.errors, asked.output]).toEqual(['', expect.stringContaining(`Nothing of ${nip} is begun`)]);
    const reconciling = () => at(url, async (ledger) => (await ledger.sellerStatus(nip, now))?.reconciling);
    expect(await reconciling()).toMatchObject({ since: new Date('2026-11-16T09:00:00Z') });
    expect((await runCommand('reconcile', env, '--nip', nip, '--skip')).output).toMatch(/sends again/);
    expect(await reconciling()).toBeNull();
    expect((await runCommand('reconcile', env, '--nip', nip, '--skip')).output).toMatch(/was waiting/);
  });
});
