import { KsefFault } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { logIn, openAccess } from '../src/index.ts';
import { Busy } from '../src/outcomes.ts';
import { after, answered, before, inTurn, refusedLogin, treated } from './support/faults.ts';
import { putCredential } from './support/login-ledger.ts';
import { NIP } from './support/state.ts';
import { START, testWorld } from './support/world.ts';

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
