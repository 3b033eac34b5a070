import { describe, expect, it } from 'vitest';
import { openAccess, withAccess } from '../src/index.ts';
import { LoginHeld } from '../src/outcomes.ts';
import { answered, before, inTurn, overLimit, refusedLogin } from './support/faults.ts';
import { putCredential } from './support/login-ledger.ts';
import { NIP } from './support/state.ts';
import { START, testWorld } from './support/world.ts';

const MINUTE_MS = 60_000;

describe('access', () => {
  it('logs in once, reads the limits and uses the token again', async () => {
    const { world, model, events } = testWorld();
    const first = await openAccess(world, NIP);
    expect(first).toEqual({
      accessToken: 'access-1',
      credentialId: 'credential-1',
      permissions: ['InvoiceWrite'],
    });
    expect(await openAccess(world, NIP)).toEqual(first);
    expect(model.calls).toEqual(['login', 'rateLimits']);
    expect(events).toMatchObject([{ type: 'login.opened', nip: NIP, method: 'ksefToken' }]);
  });

  it('is opened once for all who ask for it at the same time', async () => {
    const { world, model } = testWorld();
    await Promise.all([1, 2, 3].map(() => openAccess(world, NIP)));
    expect(model.calls).toEqual(['login', 'rateLimits']);
  });

  it('is refreshed in its last minute', async () => {
    const { world, model, pass, events } = testWorld();
    await openAccess(world, NIP);
    pass(13 * MINUTE_MS);
    expect(await openAccess(world, NIP)).toMatchObject({ accessToken: 'access-1' });
    pass(MINUTE_MS + 1);
    expect(await openAccess(world, NIP)).toMatchObject({ accessToken: 'access-2' });
    expect(model.calls).toEqual(['login', 'rateLimits', 'refresh']);
    expect(events.at(-1)).toMatchObject({ type: 'login.refreshed' });
  });

  it.each([
    ['401', answered('refresh', 401)],
    ['400', answered('refresh', 400)],
    ['503', answered('refresh', 503)],
  ])('is opened anew when the refresh answers %s', async (_, error) => {
    const { world, model, pass } = testWorld({ strike: inTurn({ refresh: [before(error)] }) });
    await openAccess(world, NIP);
    pass(14.5 * MINUTE_MS);
    await openAccess(world, NIP);
    expect(model.calls).toEqual(['login', 'rateLimits', 'refresh', 'login']);
  });

  it('waits where the refresh is told to wait: a login would only add a call', async () => {
    const { world, model, pass } = testWorld({
      strike: inTurn({ refresh: [before(answered('refresh', 429))] }),
    });
    await openAccess(world, NIP);
    pass(15 * MINUTE_MS);
    await expect(openAccess(world, NIP)).rejects.toMatchObject({ treatment: 'wait' });
    expect(model.calls.filter((call) => call === 'login')).toHaveLength(1);
  });

  it('is opened anew when the refresh token has run out', async () => {
    const { world, model, pass } = testWorld();
    await openAccess(world, NIP);
    pass(7 * 24 * 60 * MINUTE_MS);
    await openAccess(world, NIP);
    expect(model.calls).not.toContain('refresh');
  });

  it('reads the limits every quarter of an hour, and does without where they cannot be read', async () => {
    const rateLimits = [null, before(answered('rateLimits', 503)), before(overLimit(START))];
    const { world, model, pass } = testWorld({ strike: inTurn({ rateLimits }) });
    for (const minutes of [0, 14, 15, 15]) {
      pass(minutes * MINUTE_MS);
      await openAccess(world, NIP);
    }
    expect(model.calls.filter((call) => call === 'rateLimits')).toHaveLength(3);
  });

  it('reads them at once where they are not believed any more', async () => {
    const { world, model, state } = testWorld();
    await openAccess(world, NIP);
    await openAccess(world, NIP);
    state.limitsReadAt = new Date(0);
    await openAccess(world, NIP);
    await openAccess(world, NIP);
    expect(model.calls.filter((call) => call === 'rateLimits')).toHaveLength(2);
  });
});

describe('a token refused in the middle of work', () => {
  it('is renewed once and the work repeated', async () => {
    const { world, model } = testWorld();
    const seen: string[] = [];
    const answer = await withAccess(world, NIP, null, async ({ accessToken }) => {
      seen.push(accessToken);
      if (seen.length === 1) throw answered('openBatch', 401);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(seen).toEqual(['access-1', 'access-2']);
    expect(model.calls).toEqual(['login', 'rateLimits', 'refresh']);
  });

  it('is renewed only once', async () => {
    const { world } = testWorld();
    let tries = 0;
    const work = withAccess(world, NIP, null, async () => {
      tries += 1;
      throw answered('openBatch', 401);
    });
    await expect(work).rejects.toMatchObject({ treatment: 'relogin' });
    expect(tries).toBe(2);
  });

  it('is not renewed for any other fault', async () => {
    const { world, model } = testWorld();
    const work = withAccess(world, NIP, null, () => Promise.reject(answered('openBatch', 403)));
    await expect(work).rejects.toMatchObject({ treatment: 'hold-permission' });
    expect(model.calls).toEqual(['login', 'rateLimits']);
  });
});

describe('a session that replaced credentials opened', () => {
  it('is asked after with them', async () => {
    const { world, state } = testWorld();
    await openAccess(world, NIP);
    putCredential(state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    expect(await openAccess(world, NIP, 'credential-1')).toMatchObject({ credentialId: 'credential-1' });
    expect(await openAccess(world, NIP)).toMatchObject({ credentialId: 'credential-2' });
  });

  it('is asked after with the new ones where the old are refused', async () => {
    const { world, state } = testWorld({ strike: inTurn({ login: [before(refusedLogin(425))] }) });
    await expect(openAccess(world, NIP)).rejects.toBeInstanceOf(LoginHeld);
    putCredential(state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    expect(await openAccess(world, NIP, 'credential-1')).toMatchObject({ credentialId: 'credential-2' });
  });
});

describe('a session whose own credentials KSeF does not let in any more', () => {
  async function replaced() {
    const test = testWorld();
    await openAccess(test.world, NIP);
    putCredential(test.state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    return test;
  }
  const letsIn = (seen: string[], who: string | null) => async (access: { credentialId: string }) => {
    seen.push(access.credentialId);
    if (access.credentialId !== who) throw answered('sessionStatus', 403);
    return 'seen';
  };

  it("is tried once with the seller's credentials of today", async () => {
    const { world } = await replaced();
    const seen: string[] = [];
    expect(await withAccess(world, NIP, 'credential-1', letsIn(seen, 'credential-2'))).toBe('seen');
    expect(seen).toEqual(['credential-1', 'credential-2']);
  });

  it('is left where neither is let in, and where there are no others', async () => {
    const { world } = await replaced();
    for (const [credential, tried] of [
      ['credential-1', ['credential-1', 'credential-2']],
      ['credential-2', ['credential-2']],
      [null, ['credential-2']],
    ] as const) {
      const seen: string[] = [];
      const asked = withAccess(world, NIP, credential, letsIn(seen, null));
      await expect(asked).rejects.toMatchObject({ treatment: 'hold-permission' });
      expect(seen).toEqual(tried);
    }
  });
});
