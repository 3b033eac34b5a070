import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, VaultError } from '../src/index.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, followed, putToken, statesOf, UPO } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

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
