import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const list = z.object({
  items: z.array(z.object({ reference: z.string(), current: z.boolean() })),
});

describe('authentication sessions', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  const logins = () => system.emulator.control.calls()['POST /auth/ksef-token'] ?? 0;

  async function seller(): Promise<string> {
    const nip = newSeller();
    await system.api.putToken(nip);
    await isActive(nip);
    return nip;
  }

  const isActive = (nip: string) =>
    eventually(async () => (await system.api.status(nip)).authentication.state === 'active');

  /** Asked again while it is pending. */
  async function answer(method: string, path: string): Promise<Response> {
    return await eventually(
      async () => {
        const response = await system.api.call(method, path);
        return response.status !== 202 && response;
      },
      { timeoutMs: 20_000, what: `${method} ${path}` },
    );
  }

  async function sessionsOf(nip: string) {
    const response = await answer('GET', `/v1/sellers/${nip}/auth-sessions`);
    expect(response.status).toBe(200);
    return list.parse(await response.json()).items;
  }

  async function logInAnew(nip: string): Promise<void> {
    const before = logins();
    expect((await system.api.call('POST', `/v1/sellers/${nip}/login`)).status).toBe(202);
    await eventually(() => logins() > before);
    await isActive(nip);
  }

  it('are listed, and another one is revoked without touching ours', async () => {
    const nip = await seller();
    await logInAnew(nip);
    const sessions = await sessionsOf(nip);
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    const [other] = sessions.filter(({ current }) => !current);
    const before = logins();
    const path = `/v1/sellers/${nip}/auth-sessions/${other?.reference}`;
    expect((await answer('DELETE', path)).status).toBe(204);
    expect(await sessionsOf(nip)).toEqual(sessions.filter(({ current }) => current));
    expect(logins()).toBe(before);
    expect((await answer('DELETE', path)).status).toBe(409);
  });

  it.each(['current', 'by its reference'])('of ours, revoked (%s), make way for a new login', async (how) => {
    const nip = await seller();
    const [ours] = await sessionsOf(nip);
    const name = how === 'current' ? how : ours?.reference;
    const before = logins();
    expect((await answer('DELETE', `/v1/sellers/${nip}/auth-sessions/${name}`)).status).toBe(204);
    const [next] = await sessionsOf(nip);
    expect(next?.current).toBe(true);
    expect(next?.reference).not.toBe(ours?.reference);
    expect(logins() - before).toBe(1);
  });

  it('are not to be had where the login is refused, and that is said', async () => {
    const nip = newSeller();
    await system.api.putToken(nip, 'bad token');
    const response = await answer('GET', `/v1/sellers/${nip}/auth-sessions`);
    expect(await response.json()).toMatchObject({ code: 'AUTH_SESSIONS_NOT_AVAILABLE' });
  });
});
describeWire(wire);
