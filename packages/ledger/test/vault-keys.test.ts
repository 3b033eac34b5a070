import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type PostgresLedger } from '../src/index.ts';
import { SEALED_COLUMNS } from '../src/sealed-columns.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  claimed,
  closing,
  followed,
  opened,
  putToken,
  type SessionWalk,
  statesOf,
} from './support/walk.ts';

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
  await test.ledger.verifyVaultKey();
});
afterEach(() => test.close());

const newKey = randomBytes(32);
const withKeys = (vaultKey: Buffer, ...earlierVaultKeys: Buffer[]): PostgresLedger =>
  createLedger({ pool: test.pool, vaultKey, earlierVaultKeys });

const login = {
  accessToken: 'access-of-tests',
  accessUntil: after(900_000),
  refreshToken: 'refresh-of-tests',
  refreshUntil: after(9_000_000),
  permissions: ['InvoiceWrite'],
};

/** A seller with a login and a session that is open. */
async function openedSession(nip: string): Promise<SessionWalk> {
  const walk = await opened(await claimed(await accepted(test.ledger, nip)));
  const credential = await test.ledger.credentialOf(nip);
  await test.ledger.finishLogin(nip, 'nobody', credential?.id ?? '', 'ksefToken', login, NOW);
  return walk;
}

async function sealed(): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column } of SEALED_COLUMNS) {
    const { rows } = await test.pool.query<{ value: Buffer }>(
      `SELECT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    found.push(...rows.map(({ value }) => value.subarray(1, 5).toString('hex')));
  }
  return found;
}

it('every sealed column of the schema is known', async () => {
  const { rows } = await test.pool.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name ~ 'sealed|probe' ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(
    SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort(),
  );
});

describe('changing the key', () => {
  it('seals everything anew, and from then on the new key is enough', async () => {
    const nip = newNip();
    const { sessionId } = await openedSession(nip);
    const both = withKeys(newKey, test.vaultKey);
    await both.verifyVaultKey();
    const { resealed } = await both.rotateVaultKey('test', NOW);
    expect(resealed).toBe((await sealed()).length);
    expect(new Set(await sealed()).size).toBe(1);
    expect(await both.rotateVaultKey('test', NOW)).toEqual({ resealed: 0 });

    const alone = withKeys(newKey);
    await alone.verifyVaultKey();
    expect(await alone.credentialOf(nip)).toMatchObject({ token: `token-of-${nip}` });
    expect(await alone.authentication(nip)).toMatchObject({
      accessToken: 'access-of-tests',
      refreshToken: 'refresh-of-tests',
    });
    await alone.releaseEveryLease(NOW);
    const session = await alone.acquireSession(sessionId, 'other', NOW, 16_000);
    expect(session?.parts.map(({ upload }) => upload.url)).toEqual([
      'https://blob.example/part-1?sig=upload-secret',
      'https://blob.example/part-2?sig=upload-secret',
    ]);
    await expect(withKeys(test.vaultKey).verifyVaultKey()).rejects.toThrow(/VAULT_KEY is not the key/);
  });

  it('goes on where it was stopped, and both keys open everything meanwhile', async () => {
    const nips = Array.from({ length: 450 }, newNip);
    for (const nip of nips) await putToken(test.ledger, nip);
    let steps = 0;
    const both = withKeys(newKey, test.vaultKey);
    const stopping = createLedger({
      pool: test.pool,
      vaultKey: newKey,
      earlierVaultKeys: [test.vaultKey],
      randomBytes: (size) => {
        steps += 1;
        if (steps > 250) throw new Error('killed');
        return randomBytes(size);
      },
    });
    await expect(stopping.rotateVaultKey('test', NOW)).rejects.toThrow('killed');
    expect(new Set(await sealed()).size).toBe(2);
    await both.verifyVaultKey();
    await expect(withKeys(newKey).verifyVaultKey()).rejects.toThrow(/VAULT_KEY is not the key/);
    for (const nip of [nips[0] ?? '', nips.at(-1) ?? ''])
      expect(await both.credentialOf(nip)).toMatchObject({ token: `token-of-${nip}` });
    await both.rotateVaultKey('test', NOW);
    expect(new Set(await sealed()).size).toBe(1);
  });

  it('refuses where neither key opens a value, and changes nothing of it', async () => {
    await openedSession(newNip());
    const strange = withKeys(newKey, randomBytes(32));
    await expect(strange.rotateVaultKey('test', NOW)).rejects.toThrow(/VAULT_KEY is not the key/);
    await test.ledger.verifyVaultKey();
  });
});

describe('a key that is lost', () => {
  const anew = () => withKeys(newKey);

  it('is said plainly at the start, with what to do', async () => {
    await expect(anew().verifyVaultKey()).rejects.toThrow(
      /not the key.*no invoice is lost.*credentials of every seller.*docs\/backup\.md/,
    );
  });

  it('takes the credentials with it: invoices are held, and go on once they are put again', async () => {
    const nip = newNip();
    const walk = await accepted(test.ledger, nip);
    await putToken(test.ledger, newNip());
    expect(await anew().lookForLost()).toEqual({ credentials: 2, offlineCertificates: 0, sessions: 0 });
    await anew().forgetLost('test', NOW);
    await anew().verifyVaultKey();
    expect(await anew().credentialOf(nip)).toBeNull();
    expect(await statesOf(walk)).toEqual(Array(6).fill('held'));
    const [id = ''] = walk.ids;
    expect(await anew().invoice(id, 'all')).toMatchObject({
      holdCause: 'no_credentials',
      holdDetail: expect.stringContaining('vault key was lost'),
    });
    await putToken(anew(), nip, 'a new one');
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    expect(await anew().credentialOf(nip)).toMatchObject({ token: 'a new one' });
  });

  it('ends what cannot be gone on with, and leaves to close what KSeF may hold', async () => {
    const { ledger } = test;
    const begun = await claimed(await accepted(ledger, newNip()));
    const open = await openedSession(newNip());
    const few = await opened(
      await claimed(await accepted(ledger, newNip(), numbered(3)), { kind: 'interactive' }),
    );
    await ledger.recordInvoiceIntent(few.sessionId, few.session.fence, 1, NOW);
    const ending = await closing(await opened(await claimed(await accepted(ledger, newNip()))));
    const done = await followed(ledger, newNip());
    expect(await anew().lookForLost()).toMatchObject({ credentials: 5, sessions: 4 });
    await anew().forgetLost('test', NOW);

    const stateOf = async ({ sessionId }: SessionWalk) => (await ledger.session(sessionId, 'all'))?.state;
    expect(await Promise.all([begun, open, few, ending, done].map(stateOf))).toEqual([
      'abandoned',
      'abandoned',
      'closing',
      'closing',
      'closed',
    ]);
    expect(await statesOf(begun)).toEqual(Array(6).fill('held'));
    expect(await statesOf(open)).toEqual(Array(6).fill('held'));
    expect(await statesOf(few)).toEqual(Array(3).fill('sending'));
    expect(await anew().followedSession(open.sessionId)).toMatchObject({ state: 'abandoned' });
    for (const { sessionId } of [few, ending]) {
      const session = await anew().acquireSession(sessionId, 'other', after(1), 16_000);
      expect(session).toMatchObject({ state: 'closing', parts: [] });
    }
    await expect(ledger.renewLease(open.sessionId, open.session.fence, NOW, 1_000)).resolves.toBe(false);
    expect(await anew().lookForLost()).toEqual({ credentials: 0, offlineCertificates: 0, sessions: 0 });
  });

  it('takes nothing that another key at hand opens', async () => {
    const nip = newNip();
    const walk = await openedSession(nip);
    const both = withKeys(newKey, test.vaultKey);
    await both.forgetLost('test', NOW);
    expect(await both.credentialOf(nip)).toMatchObject({ token: `token-of-${nip}` });
    expect((await both.session(walk.sessionId, 'all'))?.state).toBe('opened');
    expect(await both.claimLane(laneOf(nip), NOW, () => ({ kind: 'idle' }))).toMatchObject({ sessions: [] });
    expect(await both.accept(call(numbered(1, 'later'), { nip }))).toMatchObject([{ state: 'accepted' }]);
  });
});
