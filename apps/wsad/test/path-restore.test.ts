/** An hour is lost: what KSeF got in it comes back from KSeF, under the same numbers, and nothing is sent twice. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger } from '@wsad/ledger';
import { describeWithSystemPostgres, type SystemPostgres, startSystemPostgres } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBackup } from '../src/backup/make-backup.ts';
import { pgTools } from '../src/backup/pg-tools.ts';
import { putBack } from '../src/backup/put-back.ts';
import {
  begin,
  claim,
  claimedIn,
  dyingAt,
  numbered,
  numbersByHash,
  told,
  untilReconciled,
} from './support/losing.ts';
import { NIP, type SharedParts, startShared } from './support/path.ts';
import { sha256Of } from './support/sellers.ts';
import { createVirtualTime, startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const HOUR_MS = 3_600_000;
/** The calls by which something would be sent twice, and the one by which KSeF would tell of it. */
const SENDING = [
  'POST /sessions/batch',
  'PUT /storage/{session}/{part}',
  'POST /sessions/online/{referenceNumber}/invoices',
  'GET /sessions/{referenceNumber}/invoices/failed',
];

describeWithSystemPostgres('a ledger that is put back as it was an hour ago', (binDir) => {
  const time = createVirtualTime();
  const vaultKey = randomBytes(32);
  let postgres: SystemPostgres;
  let shared: SharedParts & { close(): Promise<void> };
  let folder: string;
  beforeAll(async () => {
    postgres = await startSystemPostgres(binDir);
    shared = await startShared(time.now);
    folder = await mkdtemp(join(tmpdir(), 'wsad-backups-'));
  });
  afterAll(async () => {
    await shared.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (url: string) => startVirtualPath({ shared, database: { url, vaultKey } }, time);
  const tools = pgTools(binDir);

  async function backedUp(databaseUrl: string): Promise<string> {
    const ledger = createLedger({ databaseUrl, vaultKey, connectionsMax: 1 });
    const { file } = await makeBackup({ ledger, databaseUrl, folder, tools, now: time.now() });
    await ledger.close();
    return file;
  }

  async function putBackAt(databaseUrl: string, file: string, force = false): Promise<void> {
    const ledger = createLedger({ databaseUrl, vaultKey, connectionsMax: 1 });
    const order = { ledger, databaseUrl, file, force, tools, actor: 'test', now: time.now() };
    await putBack({ ...order, environment: 'TEST' });
    await ledger.close();
  }

  it('has the truth again, and sends only what KSeF never got', async () => {
    const lost = await postgres.database();
    const before = await open(lost);
    await before.putToken(NIP, 'token');
    await before.submit(NIP, numbered(NIP, 7, 'A'));
    await before.rest(HOUR_MS);
    const underWay = await leaveHalfDone(before);
    const file = await backedUp(lost);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    time.advance(60_000);
    await before.rest(HOUR_MS);
    const inTheLostHour = [
      numbered(NIP, 9, 'G'),
      numbered(NIP, 3, 'H'),
      numbered(NIP, 10, 'I'),
      numbered(NIP, 7, 'J'),
    ];
    const [batch = [], few = [], unsettled = [], neverClosed = []] = inTheLostHour;
    for (const xmls of [batch, few]) {
      await before.submit(NIP, xmls);
      await before.rest(HOUR_MS);
    }
    await before.submit(NIP, unsettled);
    await begin(before, before.world, NIP);
    await before.submit(NIP, neverClosed);
    await begin(before, dyingAt(before.world, 'recordClosing'), NIP);
    await before.close();
    const known = numbersByHash(shared, NIP);
    expect(known.size).toBe(7 + underWay.length + 9 + 3 + 10);
    time.advance(HOUR_MS / 2);

    const anew = await postgres.database();
    await putBackAt(anew, file);
    const after = await open(anew);
    const callsBefore = shared.emulator.control.stats().calls;
    await after.submit(NIP, inTheLostHour.flat());
    await after.rest(1_000);
    expect(claimedIn(after)).toBe(0);
    expect(await after.ledger.sellerStatus(NIP, time.now())).toMatchObject({
      reconciling: { since: expect.any(Date) },
    });
    await untilReconciled(after);
    await after.rest(HOUR_MS);

    expect(claimedIn(after)).toBe(neverClosed.length);
    const { calls } = shared.emulator.control.stats();
    expect(SENDING.map((call) => (calls[call] ?? 0) - (callsBefore[call] ?? 0))).toEqual([1, 1, 0, 0]);
    const registered = numbersByHash(shared, NIP);
    expect(registered.size).toBe(known.size + neverClosed.length);
    for (const [sha256, ksefNumber] of known) expect(registered.get(sha256)).toBe(ksefNumber);
    expect(await told(after, NIP)).toEqual(registered);
    const { items } = await after.ledger.invoicesPage({ nip: NIP }, 'all', null, 1_000);
    expect(items.filter(({ upoAvailable }) => !upoAvailable)).toEqual([]);
    const found = items.find(({ sha256 }) => sha256 === sha256Of(batch[0] ?? ''));
    if (found === undefined) throw new Error('it is not here');
    const timeline = await after.ledger.timeline(found);
    expect(timeline.map(({ type }) => type)).toContain('invoice.foundAtKsef');
    await after.close();
  }, 60_000);

  /** One session in every state before its end, and invoices that wait. */
  async function leaveHalfDone(path: VirtualPath): Promise<string[]> {
    const sets = [
      numbered(NIP, 6, 'B'),
      numbered(NIP, 6, 'C'),
      numbered(NIP, 3, 'D'),
      numbered(NIP, 2, 'E'),
      numbered(NIP, 6, 'F'),
    ];
    const [closed = [], openedBatch = [], openedOnline = [], claimed = [], waiting = []] = sets;
    await path.submit(NIP, closed);
    await begin(path, path.world, NIP);
    await path.submit(NIP, openedBatch);
    await begin(path, dyingAt(path.world, 'recordClosing'), NIP);
    await path.submit(NIP, openedOnline);
    await begin(path, dyingAt(path.world, 'recordInvoiceIntent'), NIP);
    await path.submit(NIP, claimed);
    await claim(path.time, path.world, NIP);
    await path.submit(NIP, waiting);
    const { rows } = await path.ledger.pool.query<{ state: string }>(
      `SELECT state FROM sessions WHERE state <> 'settled' ORDER BY state`,
    );
    expect(rows.map(({ state }) => state)).toEqual(['claimed', 'closed', 'opened', 'opened']);
    return sets.flat();
  }
});
