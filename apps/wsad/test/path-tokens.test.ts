import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Entry } from './support/api-client.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOn } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const expired = {
  status: 401,
  contentType: 'application/problem+json',
  body: { title: 'Unauthorized', status: 401, detail: 'Token wygasł.' },
};

function tokens(queue: QueueKind): void {
  let system: System;
  let nip: string;
  let sent: Entry[] = [];
  beforeAll(async () => {
    system = await startSystem({ queue, lingerMs: 20, wire });
    nip = newSeller();
    await system.api.putToken(nip);
    await send('BEGIN', 6);
  });
  afterEach(() => system.emulator.control.clearFaults());
  afterAll(() => system.close());

  async function send(prefix: string, count: number): Promise<void> {
    const entries = invoicesOf(nip, count, prefix);
    sent = [...sent, ...entries];
    const { submissionId } = await system.api.submit(nip, entries);
    expect((await system.api.atRest(submissionId)).byState).toEqual({ cleared: count });
    await expectRegisteredOnce(system, nip, sent);
  }

  /** How often wsad logged in, and how often it refreshed its access, while `work` went on. */
  async function accesses(work: () => Promise<void>): Promise<{ logins: number; refreshes: number }> {
    const count = (name: string) => system.emulator.control.calls()[name] ?? 0;
    const before = [count('POST /auth/ksef-token'), count('POST /auth/token/refresh')];
    await work();
    const [logins = 0, refreshes = 0] = before;
    return {
      logins: count('POST /auth/ksef-token') - logins,
      refreshes: count('POST /auth/token/refresh') - refreshes,
    };
  }

  it('uses one access token for everything while it is good', async () => {
    expect(await accesses(() => send('SAME', 6))).toEqual({ logins: 0, refreshes: 0 });
  });

  it.each([
    ['opening', 'POST /sessions/batch', 6],
    ['closing', 'POST /sessions/batch/{ref}/close', 6],
    ['following', 'GET /sessions/{ref}', 6],
    ['sending an invoice', 'POST /sessions/online/{ref}/invoices', 1],
  ])('renews a token that is refused while %s once, and repeats', async (what, operation, count) => {
    system.emulator.control.addFault({ operation, ...expired });
    expect(await accesses(() => send(what, count))).toEqual({ logins: 0, refreshes: 1 });
  });

  it('refreshes its access before the token runs out', async () => {
    system.advance(14.5 * MINUTE_MS);
    expect(await accesses(() => send('NEAR', 6))).toEqual({ logins: 0, refreshes: 1 });
  });

  it('refreshes its access when the token has run out', async () => {
    system.advance(60 * MINUTE_MS);
    expect(await accesses(() => send('OUT', 2))).toEqual({ logins: 0, refreshes: 1 });
  });

  it('logs in anew where refreshing fails', async () => {
    system.advance(60 * MINUTE_MS);
    system.emulator.control.addFault({ operation: 'POST /auth/token/refresh', status: 500, body: '<html>' });
    expect(await accesses(() => send('FAILS', 6))).toEqual({ logins: 1, refreshes: 1 });
  });

  it('logs in anew where the refresh token has run out', async () => {
    system.advance(8 * DAY_MS);
    expect(await accesses(() => send('WEEK', 6))).toEqual({ logins: 1, refreshes: 0 });
    expect(system.emulator.control.stats().rateLimited).toBe(0);
  });
}

describeOn('postgres', 'access tokens', tokens);
describeWire(wire);
