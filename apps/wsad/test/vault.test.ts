/** The vault key is changed by a process that is killed half-way, and a lost one is gone on without. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createLedger, type PostgresLedger, VaultError } from '@wsad/ledger';
import { eventually, type TestDatabase, testDatabase } from '@wsad/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begin, dyingAt, laneOf, numbered, numbersByHash, told } from './support/losing.ts';
import { startShared } from './support/path.ts';
import { runCommand } from './support/run-command.ts';
import { newSeller } from './support/sellers.ts';
import { createVirtualTime, startVirtualPath } from './support/virtual-path.ts';

const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const now = new Date('2026-11-16T10:00:00Z');

let database: TestDatabase;
let ledger: PostgresLedger;
beforeEach(async () => {
  database = await testDatabase();
  ledger = createLedger({ databaseUrl: database.url, vaultKey: oldKey });
  await ledger.migrate();
  await ledger.bindEnvironment('TEST');
  await ledger.verifyVaultKey();
});
afterEach(async () => {
  await ledger.close();
  await database.drop();
});

const envWith = (keys: Record<string, Buffer>) => ({
  DATABASE_URL: database.url,
  ADMIN_TOKEN: 'an-administrator-of-tests',
  ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.toString('base64')])),
});
const changing = () => envWith({ VAULT_KEY: newKey, VAULT_KEY_PREVIOUS: oldKey });

async function putTokens(count: number): Promise<string[]> {
  const nips = Array.from({ length: count }, newSeller);
  for (const nip of nips) await putToken(ledger, nip);
  return nips;
}

async function putToken(to: PostgresLedger, nip: string): Promise<void> {
  const secret = { type: 'ksefToken', token: `token of ${nip}` } as const;
  await to.putCredentials({ owner: { nip }, secret, actor: 'test', now });
}

/** How many credentials each key has sealed, the fewest first. */
async function sealedByEach(): Promise<number[]> {
  const { rows } = await ledger.pool.query<{ count: number }>(
    'SELECT count(*)::int FROM credentials GROUP BY substring(sealed FROM 2 FOR 4) ORDER BY 1',
  );
  return rows.map(({ count }) => count);
}

describe('npm run vault -- rotate', () => {
  it('killed in the middle leaves secrets that both keys open, and is run again to its end', async () => {
    const nips = await putTokens(450);
    const last = await ledger.credentialOf(nips.at(-1) ?? '');
    const holder = await ledger.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM credentials WHERE id = $1 FOR UPDATE', [last?.id]);
    const { PATH = '' } = process.env;
    const command = join(import.meta.dirname, '..', 'src', 'vault.ts');
    const child = spawn(process.execPath, [command, 'rotate'], { env: { PATH, ...changing() } });
    const ended = once(child, 'close');
    await eventually(async () => (await sealedByEach()).length === 2, { what: 'a rotation half done' });
    child.kill('SIGKILL');
    await ended;
    await holder.query('ROLLBACK');
    holder.release();

    expect((await sealedByEach()).length).toBe(2);
    const both = createLedger({ pool: ledger.pool, vaultKey: newKey, earlierVaultKeys: [oldKey] });
    await both.verifyVaultKey();
    for (const nip of nips) expect(await both.credentialOf(nip)).toMatchObject({ token: `token of ${nip}` });
    const again = await runCommand('vault', changing(), 'rotate');
    expect([again.code, again.errors, again.output]).toEqual([
      0,
      '',
      expect.stringContaining('VAULT_KEY_PREVIOUS may go'),
    ]);
    expect(await sealedByEach()).toEqual([450]);
    const alone = createLedger({ pool: ledger.pool, vaultKey: newKey });
    await alone.verifyVaultKey();
    expect(await alone.credentialOf(nips[0] ?? '')).toMatchObject({ token: `token of ${nips[0]}` });
  });
});

describe('npm run vault -- forget', () => {
  it('forgets nothing where the key fits, nor before somebody is sure', async () => {
    const [nip = ''] = await putTokens(1);
    const fits = await runCommand('vault', envWith({ VAULT_KEY: oldKey }), 'forget', '--yes');
    expect([fits.code, fits.output]).toEqual([0, expect.stringContaining('nothing to forget')]);
    const lost = envWith({ VAULT_KEY: newKey });
    const unsure = await runCommand('vault', lost, 'forget');
    expect([unsure.code, unsure.output]).toEqual([1, expect.stringContaining('1 credentials')]);
    expect(await ledger.credentialOf(nip)).not.toBeNull();
    expect((await runCommand('vault', lost, 'rotate')).errors).toMatch(/VAULT_KEY is not the key/);
    const sure = await runCommand('vault', lost, 'forget', '--yes');
    expect([sure.code, sure.output]).toEqual([0, expect.stringContaining('put the credentials')]);
    const anew = createLedger({ pool: ledger.pool, vaultKey: newKey });
    await anew.verifyVaultKey();
    expect(await anew.credentialOf(nip)).toBeNull();
  });

  it('with sessions under way nothing is lost and nothing is registered twice', async () => {
    const time = createVirtualTime();
    const shared = await startShared(time.now);
    const nip = newSeller();
    const before = await startVirtualPath(
      { shared, database: { url: database.url, vaultKey: oldKey } },
      time,
    );
    await before.putToken(nip, 'token');
    for (const [count, prefix, step] of [
      [6, 'closed', null],
      [6, 'opened', 'recordClosing'],
      [3, 'sent', 'recordClosing'],
    ] as const) {
      await before.submit(nip, numbered(nip, count, prefix));
      await begin(before, step === null ? before.world : dyingAt(before.world, step), nip);
    }
    await before.submit(nip, numbered(nip, 7, 'waiting'));
    await before.close();

    const after = await startVirtualPath({ shared, database: { url: database.url, vaultKey: newKey } }, time);
    await expect(after.ledger.verifyVaultKey()).rejects.toThrow(VaultError);
    await after.ledger.forgetLost('test', time.now());
    await after.rest(3_600_000);
    expect([...(await told(after, nip)).values()].filter((each) => each === 'held')).toHaveLength(13);
    const { lanes } = await after.putToken(nip, 'token');
    expect(lanes).toEqual([laneOf(nip)]);
    await after.rest(24 * 3_600_000);
    expect(await told(after, nip)).toEqual(numbersByHash(shared, nip));
    expect(numbersByHash(shared, nip).size).toBe(22);
    await after.close();
    await shared.close();
  });
});
