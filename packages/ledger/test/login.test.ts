import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, VaultError } from '../src/index.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  allCleared,
  claimed,
  followed,
  opened,
  putToken,
  statesOf,
  UPO,
  type Walk,
} from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const TOKENS = {
  accessToken: 'access-1',
  accessUntil: after(900_000),
  refreshToken: 'refresh-1',
  refreshUntil: after(600_000_000),
  permissions: ['InvoiceWrite'],
};

async function loggedIn(nip: string): Promise<string> {
  await putToken(test.ledger, nip);
  const credential = await test.ledger.credentialOf(nip);
  await test.ledger.beginLogin(nip, 'w1', NOW, 1000);
  await test.ledger.finishLogin(nip, 'w1', credential?.id ?? '', 'ksefToken', TOKENS, NOW);
  return credential?.id ?? '';
}

describe('logging in', () => {
  it('is for one process at a time', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const owners = Array.from({ length: 8 }, (_, index) => `w${index}`);
    const begun = await Promise.all(owners.map((owner) => test.ledger.beginLogin(nip, owner, NOW, 1000)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'opening' });
    expect(await test.ledger.beginLogin(nip, 'late', after(999), 1000)).toBe(false);
    expect(await test.ledger.beginLogin(nip, 'late', after(1000), 1000)).toBe(true);
  });

  it('stays with the process that shows signs of life, and with no other', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    await test.ledger.beginLogin(nip, 'w1', NOW, 1000);
    await test.ledger.renewLogin(nip, 'w2', after(900), 60_000);
    await test.ledger.renewLogin(nip, 'w1', after(900), 1000);
    expect(await test.ledger.beginLogin(nip, 'w2', after(1899), 1000)).toBe(false);
    expect(await test.ledger.beginLogin(nip, 'w2', after(1900), 1000)).toBe(true);
    await test.ledger.renewLogin(nip, 'w1', after(1900), 60_000);
    expect(await test.ledger.beginLogin(nip, 'w3', after(2900), 1000)).toBe(true);
  });

  it('is not begun without credentials', async () => {
    const nip = newNip();
    expect(await test.ledger.beginLogin(nip, 'w', NOW, 1000)).toBe(false);
    await test.ledger.accept(call(numbered(1), { nip }));
    expect(await test.ledger.beginLogin(nip, 'w', NOW, 1000)).toBe(false);
    expect(await test.ledger.authentication(nip)).toBeNull();
    expect(await test.ledger.credentialOf(nip)).toBeNull();
  });

  it('keeps the tokens for everybody and lets the next one begin', async () => {
    const nip = newNip();
    const credentialId = await loggedIn(nip);
    expect(await test.ledger.authentication(nip)).toEqual({
      nip,
      state: 'active',
      credentialId,
      method: 'ksefToken',
      limitsReadAt: null,
      lastError: null,
      ...TOKENS,
    });
    expect(await test.ledger.beginLogin(nip, 'w2', NOW, 1000)).toBe(true);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'active' });
  });

  it('that failed for a passing reason leaves all as it was', async () => {
    const nip = newNip();
    await loggedIn(nip);
    await test.ledger.beginLogin(nip, 'w2', NOW, 1000);
    await test.ledger.failLogin(nip, 'w2', null, 'time-out', NOW);
    expect(await test.ledger.authentication(nip)).toMatchObject({
      state: 'active',
      accessToken: 'access-1',
      lastError: 'time-out',
    });
    expect(await test.ledger.beginLogin(nip, 'w3', NOW, 1000)).toBe(true);
  });

  it.each(['refused', 'blocked'] as const)(
    'that was %s is not tried again until credentials are put',
    async (state) => {
      const nip = newNip();
      await loggedIn(nip);
      await test.ledger.beginLogin(nip, 'w2', NOW, 1000);
      await test.ledger.failLogin(nip, 'w2', state, '450 token', NOW);
      expect(await test.ledger.authentication(nip)).toMatchObject({
        state,
        accessToken: null,
        refreshToken: null,
        lastError: '450 token',
      });
      expect(await test.ledger.beginLogin(nip, 'w3', after(9_000_000), 1000)).toBe(false);
      await putToken(test.ledger, nip, 'better');
      expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'none', lastError: null });
      expect(await test.ledger.beginLogin(nip, 'w3', NOW, 1000)).toBe(true);
    },
  );

  it('with replaced credentials says nothing of the new ones', async () => {
    const nip = newNip();
    const old = await loggedIn(nip);
    await test.ledger.beginLogin(nip, 'w', NOW, 1000, old);
    await putToken(test.ledger, nip, 'better');
    await test.ledger.failLogin(nip, 'w', 'refused', 'revoked', NOW, old);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'none' });
    expect(await test.ledger.authentication(nip, old)).toMatchObject({ state: 'refused' });
    expect(await test.ledger.holdSeller(nip, 'login_refused', 'revoked', NOW)).toBe(0);
  });

  it('forgets an access token that was refused, but not a newer one', async () => {
    const nip = newNip();
    await loggedIn(nip);
    await test.ledger.dropAccessToken(nip, 'another');
    expect(await test.ledger.authentication(nip)).toMatchObject({ accessToken: 'access-1' });
    await test.ledger.dropAccessToken(nip, 'access-1');
    expect(await test.ledger.authentication(nip)).toMatchObject({
      state: 'active',
      accessToken: null,
      accessUntil: null,
      refreshToken: 'refresh-1',
    });
  });
});

describe('credentials', () => {
  it('release what was held for want of them, due at once', async () => {
    const nip = newNip();
    const results = await test.ledger.accept(call(numbered(3), { nip }));
    const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    const released = await test.ledger.putCredentials({
      owner: { nip },
      secret: { type: 'ksefToken', token: 'token' },
      actor: 'anna',
      now: after(5000),
    });
    expect(released).toEqual({ released: 3, lanes: [laneOf(nip)] });
    expect(await statesOf({ ledger: test.ledger, nip, ids, command: call([]) })).toEqual(
      Array(3).fill('accepted'),
    );
    const record = await test.ledger.invoice(ids[0] ?? '', 'all');
    expect(record).toMatchObject({ dueAt: after(5000), holdCause: null });
    if (record === null) throw new Error('no record');
    const types = (await test.ledger.timeline(record)).map(({ type, actor }) => `${type} ${actor}`);
    expect(types).toEqual(['submission.accepted test', 'invoice.released anna']);
  });

  it('do not release what waits for something else', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(2));
    const consent = { at: NOW, until: after(600_000) };
    await test.ledger.recordConsent(walk.nip, 'refused', consent.at, consent.until);
    expect(await test.ledger.holdSeller(walk.nip, 'attachment_consent', 'none', NOW)).toBe(2);
    await putToken(test.ledger, walk.nip, 'other');
    expect(await statesOf(walk)).toEqual(['held', 'held']);
  });

  it('hold all that has not left when the login is refused, and take it up when they are replaced', async () => {
    const walk = await accepted(test.ledger, newNip(), [
      ...numbered(1),
      { number: 'ahead', issueDate: '2026-11-01' },
    ]);
    await test.ledger.beginLogin(walk.nip, 'w', NOW, 1000);
    expect(await test.ledger.holdSeller(walk.nip, 'login_refused', 'too early', NOW)).toBe(0);
    await test.ledger.failLogin(walk.nip, 'w', 'refused', '450', NOW);
    expect(await test.ledger.holdSeller(walk.nip, 'login_refused', '450', NOW)).toBe(2);
    expect(await statesOf(walk)).toEqual(['held', 'held']);
    await putToken(test.ledger, walk.nip, 'better');
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
  });

  it('shared by many sellers are put once and serve them all', async () => {
    const sharedName = 'integrator';
    const [one, two] = [newNip(), newNip()];
    expect(
      await test.ledger.bindSharedCredentials({ nip: one, sharedName, actor: 'a', now: NOW }),
    ).toBeNull();
    const put = (token: string) =>
      test.ledger.putCredentials({
        owner: { sharedName },
        secret: { type: 'ksefToken', token },
        actor: 'a',
        now: NOW,
      });
    await put('first');
    await test.ledger.accept(call(numbered(1), { nip: one }));
    for (const nip of [one, two])
      await test.ledger.bindSharedCredentials({ nip, sharedName, actor: 'a', now: NOW });
    expect(await test.ledger.credentialOf(one)).toMatchObject({ token: 'first' });
    await test.ledger.beginLogin(one, 'w', NOW, 1000);
    await test.ledger.failLogin(one, 'w', 'refused', '450', NOW);
    await test.ledger.holdSeller(one, 'login_refused', '450', NOW);
    expect(await put('second')).toMatchObject({ released: 1 });
    expect(await test.ledger.credentialOf(two)).toMatchObject({ token: 'second' });
    await putToken(test.ledger, two, 'own');
    expect(await test.ledger.credentialOf(two)).toMatchObject({ token: 'own' });
    expect(await test.ledger.credentialOf(one)).toMatchObject({ token: 'second' });
  });

  it('put by many at once leave one in use', async () => {
    const nip = newNip();
    const tokens = ['a', 'b', 'c', 'd'];
    await Promise.all(tokens.map((token) => putToken(test.ledger, nip, token)));
    await Promise.all(
      tokens.map((token) =>
        test.ledger.putCredentials({
          owner: { sharedName: 'many' },
          secret: { type: 'ksefToken', token },
          actor: 'a',
          now: NOW,
        }),
      ),
    );
    const { rows } = await test.pool.query(
      `SELECT FROM credentials WHERE retired_at IS NULL AND (nip = $1 OR shared_name = 'many')`,
      [nip],
    );
    expect(rows).toHaveLength(2);
  });

  it('that opened a session are kept until it is settled, and then wiped', async () => {
    const walk = await followed(test.ledger, newNip());
    const old = await test.ledger.credentialOf(walk.nip);
    await putToken(test.ledger, walk.nip, 'newer');
    await test.ledger.tidy(after(1000));
    expect(await test.ledger.credentialById(old?.id ?? '')).toEqual(old);
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 7000), UPO, after(2000));
    await test.ledger.tidy(after(3000));
    expect(await test.ledger.credentialById(old?.id ?? '')).toBeNull();
    expect(await test.ledger.credentialOf(walk.nip)).toMatchObject({ token: 'newer' });
  });

  it('cannot be read with another VAULT_KEY', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const other = createLedger({ pool: test.pool, vaultKey: Buffer.alloc(32, 9) });
    await expect(other.credentialOf(nip)).rejects.toThrow(VaultError);
  });
});

describe('a permission that the login lacks', () => {
  const LACKING = { ...TOKENS, permissions: ['InvoiceRead'] };

  async function loginOf(walk: Walk, tokens: typeof TOKENS) {
    const { id = '' } = (await test.ledger.credentialOf(walk.nip)) ?? {};
    return await test.ledger.finishLogin(walk.nip, 'w', id, 'ksefToken', tokens, NOW);
  }

  it.each([
    ['others', ['InvoiceRead']],
    ['none at all', []],
  ])('holds what waits and what comes, until a login shows it: it has %s', async (_, permissions) => {
    const walk = await accepted(test.ledger, newNip(), numbered(2));
    const lacking = { ...TOKENS, permissions };
    expect(await loginOf(walk, lacking)).toEqual([]);
    expect(await test.ledger.holdSeller(walk.nip, 'permission_missing', 'words', NOW)).toBe(2);
    const [later] = await test.ledger.accept(call([{ number: 'later' }], { nip: walk.nip }));
    expect(later).toMatchObject({ kind: 'accepted', state: 'held' });
    expect(await loginOf(walk, lacking)).toEqual([]);
    expect(await loginOf(walk, TOKENS)).toEqual([laneOf(walk.nip)]);
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
    expect(await test.ledger.holdSeller(walk.nip, 'permission_missing', 'too late', NOW)).toBe(0);
  });

  it('is cured by new credentials, whether the login or a call told of it', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(2));
    await loginOf(walk, TOKENS);
    expect(await test.ledger.holdSeller(walk.nip, 'permission_missing', '403', NOW, { byCall: true })).toBe(
      2,
    );
    expect(await loginOf(walk, TOKENS)).toEqual([]);
    expect(await statesOf(walk)).toEqual(['held', 'held']);
    await putToken(test.ledger, walk.nip, 'better');
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
  });

  it('is read anew when a person retries one, and then all go on', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(2));
    await loginOf(walk, LACKING);
    await test.ledger.holdSeller(walk.nip, 'permission_missing', 'words', NOW);
    const [invoiceId = ''] = walk.ids;
    await test.ledger.retryHeld({ invoiceId, actor: 'anna', now: NOW, sellers: 'all' });
    expect(await test.ledger.authentication(walk.nip)).toMatchObject({
      accessToken: null,
      refreshToken: null,
    });
    expect(await loginOf(walk, TOKENS)).toEqual([laneOf(walk.nip)]);
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
  });

  it.each([
    ['a login that KSeF refused', 'login_refused'],
    ['a blocked context', 'login_blocked'],
    ['a permission that a call missed', 'permission_missing'],
  ] as const)(
    'lets %s go on once the login that a person asked for succeeds, and not before',
    async (_what, cause) => {
      const walk = await accepted(test.ledger, newNip(), numbered(2));
      await loginOf(walk, TOKENS);
      await test.ledger.holdSeller(walk.nip, cause, 'words', NOW, { byCall: true });
      expect(await loginOf(walk, TOKENS)).toEqual([]);
      await test.ledger.askLogin(walk.nip, 'anna', NOW);
      expect(await statesOf(walk)).toEqual(['held', 'held']);
      expect(await loginOf(walk, TOKENS)).toEqual([laneOf(walk.nip)]);
      expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
    },
  );

  it('that KSeF named in its verdict on an invoice stays for a person', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const verdict = { code: 410, description: 'zakres uprawnień', details: [] };
    const outcome = { state: 'held', cause: 'permission_missing', verdict } as const;
    const sha256 = walk.command.invoices[0]?.sha256 ?? '';
    await test.ledger.settleSession(walk.sessionId, [{ sha256, reference: null, outcome }], [], after(900));
    await loginOf(walk, LACKING);
    expect(await loginOf(walk, TOKENS)).toEqual([]);
    await putToken(test.ledger, walk.nip, 'better');
    expect(await statesOf(walk)).toEqual(['held']);
  });
});

describe('secrets', () => {
  it('are in no table in the clear', async () => {
    const nip = newNip();
    const token = 'S3CRET-ksef-token';
    await putToken(test.ledger, nip, token);
    const credential = await test.ledger.credentialOf(nip);
    await test.ledger.beginLogin(nip, 'w', NOW, 1000);
    const tokens = { ...TOKENS, accessToken: 'S3CRET-access', refreshToken: 'S3CRET-refresh' };
    await test.ledger.finishLogin(nip, 'w', credential?.id ?? '', 'ksefToken', tokens, NOW);
    const walk = await opened(await claimed(await accepted(test.ledger, newNip())));
    const { key } = await test.ledger.createApiKey({
      name: 'k',
      role: 'admin',
      sellers: 'all',
      actor: 'a',
      now: NOW,
    });
    const secrets = [
      token,
      'S3CRET',
      'upload-secret',
      key,
      key.slice(5),
      walk.session.key.toString('hex'),
      walk.session.iv.toString('hex'),
      walk.session.key.toString('base64'),
    ];
    const dump = await dumpOfEverything();
    expect(dump.length).toBeGreaterThan(5_000);
    for (const secret of secrets) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});

/** Every row of every table as text; bytea comes as hex. */
async function dumpOfEverything(): Promise<string> {
  const { rows: tables } = await test.pool.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await test.pool.query<{ text: string }>(`SELECT r::text AS text FROM ${name} AS r`);
      return rows.map((row) => row.text).join('\n');
    }),
  );
  return texts.join('\n');
}
