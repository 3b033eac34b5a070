import { KsefFault } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { logIn, openAccess, withAccess } from '../src/index.ts';
import { Busy, LoginHeld } from '../src/outcomes.ts';
import { after, answered, before, inTurn, overLimit, refusedLogin, treated } from './support/faults.ts';
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

describe('a login that fails', () => {
  it.each([
    [450, 'login_refused', 'refused'],
    [480, 'login_blocked', 'blocked'],
  ])(
    'for good (%i) is held, and not tried again before the credentials change',
    async (code, cause, state) => {
      const {
        world,
        model,
        state: ledger,
        events,
      } = testWorld({
        strike: inTurn({ login: [before(refusedLogin(code))] }),
      });
      for (const _ of [1, 2]) {
        await expect(openAccess(world, NIP)).rejects.toMatchObject({ holdCause: cause });
      }
      expect(model.calls).toEqual(['login']);
      expect(ledger.logins.get('credential-1')?.state).toBe(state);
      expect(events).toMatchObject([{ type: 'login.refused', code }]);
      putCredential(ledger, { id: 'credential-2', type: 'ksefToken', token: 'new' });
      expect(await openAccess(world, NIP)).toMatchObject({ credentialId: 'credential-2' });
    },
  );

  it('for its challenge alone, after a sleep of the machine, is simply begun anew', async () => {
    const test = testWorld({ strike: inTurn({ login: [before(refusedLogin(450))] }) });
    const { ksef } = test.world;
    const login: typeof ksef.login = async (...call) => {
      test.pass(700_000);
      return await ksef.login(...call);
    };
    const slept = { ...test.world, ksef: { ...ksef, login } };
    const failed = await openAccess(slept, NIP).catch((error: unknown) => error);
    expect(failed).not.toHaveProperty('holdCause');
    expect(test.state.logins.get('credential-1')?.state).toBe('none');
    await expect(openAccess(test.world, NIP)).resolves.toBeDefined();
  });

  it('is held without a call where there are no credentials', async () => {
    const { world, model } = testWorld({ credential: false });
    await expect(openAccess(world, NIP)).rejects.toMatchObject({ holdCause: 'no_credentials' });
    expect(model.calls).toEqual([]);
  });

  it('in passing lets go of the lease and is no verdict on any session', async () => {
    const { world, state } = testWorld({ strike: inTurn({ login: [before(answered('login', 404))] }) });
    const failed = await openAccess(world, NIP).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(KsefFault);
    expect(state.logins.get('credential-1')).toMatchObject({ state: 'none', lastError: expect.any(String) });
    await expect(openAccess(world, NIP)).resolves.toBeDefined();
  });

  it('although it worked is simply tried again', async () => {
    const { world } = testWorld({ strike: inTurn({ login: [after(treated('retry', 'login', null))] }) });
    await expect(openAccess(world, NIP)).rejects.toThrow();
    expect(await openAccess(world, NIP)).toMatchObject({ accessToken: 'access-2' });
  });
});

describe('while another process is logging in', () => {
  it('it is busy, and takes over when the other has shown no sign of life for eight seconds', async () => {
    const { world, state, pass, model } = testWorld();
    await world.ledger.beginLogin(NIP, 'another', START, 8_000, 'credential-1');
    const busy = await openAccess(world, NIP).catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(Busy);
    expect(model.calls).toEqual([]);
    pass(7_999);
    await expect(openAccess(world, NIP)).rejects.toBeInstanceOf(Busy);
    pass(1);
    await openAccess(world, NIP);
    expect(state.loginLeases.size).toBe(0);
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

describe('logging in ahead of the first sending', () => {
  it('is done once there is an access token', async () => {
    const { world, state } = testWorld();
    expect(await logIn(world, NIP)).toEqual({ kind: 'done' });
    expect(state.logins.get('credential-1')?.state).toBe('active');
  });

  it('holds what waits where KSeF refuses', async () => {
    const { world, accept, events } = testWorld({ strike: inTurn({ login: [before(refusedLogin(450))] }) });
    const [invoice] = accept('FV/1');
    expect(await logIn(world, NIP)).toEqual({ kind: 'done' });
    expect(invoice).toMatchObject({ state: 'held', holdCause: 'login_refused' });
    expect(events).toContainEqual({ type: 'invoices.held', nip: NIP, cause: 'login_refused', count: 1 });
  });

  it('snoozes while it is busy elsewhere and is retried where it broke', async () => {
    const { world, pass } = testWorld({ strike: inTurn({ login: [before(answered('login', 503))] }) });
    await world.ledger.beginLogin(NIP, 'another', START, 8_000, 'credential-1');
    expect(await logIn(world, NIP)).toMatchObject({ kind: 'snooze' });
    pass(8_000);
    expect(await logIn(world, NIP)).toMatchObject({ kind: 'retry' });
  });
});

describe('a login that lacks the permission to send', () => {
  const opens = (calls: readonly string[]) => calls.filter((call) => call.startsWith('open'));

  it.each([
    [1, ['InvoiceRead']],
    [6, ['InvoiceRead']],
    [6, []],
  ])('holds all that waits (%i) before a session is opened, with %j', async (count, permissions) => {
    const { acceptMany, settle, model, events } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(count);
    await settle();
    expect(invoices.map(({ holdCause }) => holdCause)).toEqual(invoices.map(() => 'permission_missing'));
    expect(opens(model.calls)).toEqual([]);
    expect(events.filter(({ type }) => type === 'session.packaged')).toEqual([]);
  });

  it.each([
    ['the owner', ['Owner']],
    ['one that claims nothing', null],
  ])('is not %s', async (_, permissions) => {
    const { acceptMany, settle } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(2);
    await settle();
    expect(invoices.map(({ state }) => state)).toEqual(['cleared', 'cleared']);
  });

  it('is followed to the end with what it has sent already', async () => {
    const { world } = testWorld({ permissions: () => ['InvoiceRead'] });
    await expect(withAccess(world, NIP, null, async () => 'read')).resolves.toBe('read');
  });

  it('sends by itself once a later login shows the permission', async () => {
    let permissions = ['InvoiceRead'];
    const { world, acceptMany, settle, queue, pass } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(6);
    await settle();
    permissions = ['InvoiceRead', 'InvoiceWrite'];
    pass(15 * MINUTE_MS);
    await logIn(world, NIP);
    expect(queue.rung()).toContain('dispatch');
    await queue.turn(world, () => invoices.every(({ state }) => state === 'cleared'));
  });
});
