import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@wsad/embedded';
import { describeWithSmallDisk, eventually, smallDisk } from '@wsad/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { acceptedAgain, allClearedOf, drained, handedIn } from './support/outage.ts';
import { allRegisteredOnce, installation, sellerOf } from './support/processes.ts';

const TIMEOUT = { timeout: 180_000 };
const LEFT_BYTES = 2_000_000;
const EACH = 60;
const CALLS_MAX = 40;
/** A dozen invoices of so many are a package that is too large to be kept in memory. */
const LINES_OF_LARGE = 3_000;

/** PostgreSQL on this folder, started again whenever it ends, as whoever runs one sees to it. */
async function supervised(dataDir: string): Promise<EmbeddedPostgres> {
  const flags = ['-c', 'min_wal_size=32MB', '-c', 'max_wal_size=32MB', '-c', 'restart_after_crash=on'];
  const first = await startEmbeddedPostgres({ dataDir, flags });
  let server = first;
  let over = false;
  const watch = async (): Promise<void> => {
    await server.exited;
    while (!over) {
      try {
        server = await startEmbeddedPostgres({ dataDir, flags, port: first.port });
        return void watch();
      } catch {
        // The disk is still full.
      }
    }
  };
  void watch();
  onTestFinished(async () => {
    over = true;
    await server.stop();
  });
  return first;
}

describeWithSmallDisk('a disk that is full', () => {
  it('holds no new database, which is said in one line and leaves nothing behind', async () => {
    const disk = smallDisk(20);
    onTestFinished(() => disk.remove());
    const dataDir = join(disk.path, 'data');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(
        /^no room is left for the data in .*: free some .* or name another folder$/,
      ),
    });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it(
    'of PostgreSQL: accepting is refused, nothing is lost, and all goes on once there is room',
    TIMEOUT,
    async () => {
      const disk = smallDisk(220);
      onTestFinished(() => disk.remove());
      const server = await supervised(join(disk.path, 'postgres'));
      const install = await installation({ databaseUrl: server.url });
      const api = await install.startApi();
      const nip = await sellerOf(api.client);
      expect(await handedIn(api, nip, 'before', EACH)).toBe('accepted');
      const others = [await install.start('worker'), await install.start('poller')];
      await disk.fill(LEFT_BYTES);
      const answers: string[] = [];
      do answers.push(await handedIn(api, nip, `C${answers.length}`, EACH));
      while (answers.at(-1) === 'accepted' && answers.length < CALLS_MAX);
      // Where PostgreSQL cannot even write its log it goes down, and comes back once there is room.
      expect(['LEDGER_FULL', 'NOT_READY']).toContain(answers.at(-1));
      await disk.free();
      for (const index of answers.keys()) await acceptedAgain(api, nip, `C${index}`, EACH);
      const total = EACH * (answers.length + 1);
      await allClearedOf(api, nip, total);
      await allRegisteredOnce(install, api.client, nip, total);
      await drained([api, ...others]);
    },
  );

  it('of the packages: the session is tried again later, and nothing stays behind', TIMEOUT, async () => {
    const disk = smallDisk(1);
    onTestFinished(() => disk.remove());
    await disk.fill(0);
    const install = await installation();
    const api = await install.startApi();
    const env = { WSAD_SPOOL_DIR: disk.path };
    const others = [await install.start('worker', { env }), await install.start('poller', { env })];
    const nip = await sellerOf(api.client);
    expect(await handedIn(api, nip, 'A', 12, { lines: LINES_OF_LARGE })).toBe('accepted');
    // The worker has said so at its start; here the session has been tried.
    await others[0]?.saying(/job failed: (ENOSPC)/);
    expect(install.emulator.control.stats().sessions.batch).toBe(0);
    await eventually(async () => (await readdir(disk.path)).length === 1, { what: 'an empty spool' });
    await disk.free();
    await allClearedOf(api, nip, 12);
    await allRegisteredOnce(install, api.client, nip, 12);
    expect(install.emulator.control.stats().sessions.batch).toBe(1);
    await eventually(async () => (await readdir(disk.path)).length === 0, { what: 'an empty spool' });
    await drained([api, ...others]);
  });
});
