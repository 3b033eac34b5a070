import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { TOKENS } from './support/tokens.ts';
import { accepted, followed, putToken, statesOf, type Walk } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

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
