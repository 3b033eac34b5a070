import { describe, expect, test } from 'vitest';
import { rateLimits270, rateLimits280 } from '../src/index.ts';
import { at, call, logIn, type Reply, replyOf, textAt } from './support/client.ts';
import { type Harness, useEmulator, WRONG_ON_PURPOSE } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

type Target = { method?: string; path: string; token: string; headers?: Record<string, string> };

/** One call with the clock standing still. */
async function now(harness: Harness, { method = 'GET', path, token, headers }: Target): Promise<Reply> {
  const all = { authorization: `Bearer ${token}`, [WRONG_ON_PURPOSE]: '1', ...headers };
  return replyOf(await fetch(`${harness.emulator.url}/v2${path}`, { method, headers: all }));
}

async function statuses(harness: Harness, target: Target, times: number): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await now(harness, target)).status);
  return seen;
}

const missing = `20260316-SB-${'0'.repeat(10)}-${'0'.repeat(10)}-00`;

describe('the limits of API 2.8.0', () => {
  const harness = useEmulator();

  async function caller(): Promise<string> {
    const { access } = await logIn(harness, freshNip());
    harness.clock.advance(1000);
    return access;
  }

  test('the answer of GET /rate-limits is the table in force', async () => {
    const token = await caller();
    expect((await now(harness, { path: '/rate-limits', token })).body).toEqual(rateLimits280);
  });

  test.each([
    ['/sessions?sessionType=Batch', 5],
    [`/sessions/${missing}`, 10],
    [`/sessions/${missing}/invoices`, 10],
    [`/sessions/${missing}/invoices/${missing}`, 30],
    ['/invoices/ksef/5265877635-20250916-0200A0D6723E-C2', 8],
    ['/limits/context', 10],
  ])('%s answers %i calls a second', async (path, perSecond) => {
    const token = await caller();
    const seen = await statuses(harness, { path, token }, perSecond + 1);
    expect(seen.slice(0, perSecond)).not.toContain(429);
    expect(seen[perSecond]).toBe(429);
  });

  test('a minute holds no more than its limit, and frees a slot when the oldest call leaves it', async () => {
    const token = await caller();
    const target = { path: '/sessions?sessionType=Batch', token };
    for (let i = 0; i < 10; i += 1) {
      expect((await now(harness, target)).status).toBe(200);
      harness.clock.advance(1000);
    }
    const refused = await now(harness, target);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('50');
    harness.clock.advance(49_999);
    expect((await now(harness, target)).headers.get('retry-after')).toBe('1');
    harness.clock.advance(1);
    expect(await statuses(harness, target, 2)).toEqual([200, 429]);
  });

  test('429 is worded as documented, in both formats', async () => {
    const token = await caller();
    const target = { path: '/sessions?sessionType=Batch', token };
    await statuses(harness, target, 5);
    const plain = await now(harness, target);
    expect(plain.body).toMatchObject({ status: { code: 429, description: 'Too Many Requests' } });
    expect(textAt(plain.body, 'status.details.0')).toContain('5 żądań na sekundę');
    const asked = await now(harness, { ...target, headers: { 'x-error-format': 'problem-details' } });
    expect(asked.headers.get('content-type')).toContain('application/problem+json');
    expect(at(asked.body, 'status')).toBe(429);
  });

  test('the wait grows with repetition', async () => {
    const token = await caller();
    const target = { path: '/sessions?sessionType=Batch', token };
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      let answer = await now(harness, target);
      while (answer.status !== 429) answer = await now(harness, target);
      waits.push(Number(answer.headers.get('retry-after')));
      harness.clock.advance(Number(answer.headers.get('retry-after')) * 1000);
    }
    expect(waits[0]).toBe(1);
    expect(waits[1]).toBe(2 * Math.ceil(waits[1]! / 2));
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    expect(waits[2]).toBeGreaterThan(waits[1]!);
  });

  test('contexts do not disturb each other, endpoints of `other` neither', async () => {
    const [one, two] = [await caller(), await caller()];
    expect(await statuses(harness, { path: '/limits/context', token: one }, 11)).toContain(429);
    expect((await now(harness, { path: '/limits/context', token: two })).status).toBe(200);
    expect((await now(harness, { path: '/limits/subject', token: one })).status).toBe(200);
  });

  test('opening and closing have windows of their own', async () => {
    const token = await caller();
    const open = { method: 'POST', path: '/sessions/batch', token };
    const close = { method: 'POST', path: `/sessions/batch/${missing}/close`, token };
    expect((await statuses(harness, open, 11)).at(-1)).toBe(429);
    const closes = await statuses(harness, close, 21);
    expect(closes.slice(0, 20)).not.toContain(429);
    expect(closes[20]).toBe(429);
  });

  test('login endpoints answer 60 calls a second, each by itself', async () => {
    harness.clock.advance(1000);
    const target = { method: 'POST', path: '/auth/challenge', token: 'none' };
    const seen = await statuses(harness, target, 61);
    expect(seen.slice(0, 60)).not.toContain(429);
    expect(seen[60]).toBe(429);
    expect((await now(harness, { path: '/security/public-key-certificates', token: 'none' })).status).toBe(
      200,
    );
  });

  test('limits can be set for a context, and set back', async () => {
    const token = await caller();
    const one = { perSecond: 1, perMinute: 2, perHour: 3 };
    const rateLimits = { ...rateLimits270, sessionList: one };
    expect(
      (await call(harness, 'POST', '/testdata/rate-limits', { token, body: { rateLimits } })).status,
    ).toBe(200);
    const target = { path: '/sessions?sessionType=Batch', token };
    expect(await statuses(harness, target, 2)).toEqual([200, 429]);
    await call(harness, 'POST', '/testdata/rate-limits/production', { token });
    expect(at((await now(harness, { path: '/rate-limits', token })).body, 'sessionList.perSecond')).toBe(5);
    expect((await call(harness, 'DELETE', '/testdata/rate-limits', { token })).status).toBe(200);
  });

  test('what was refused is counted', () => {
    expect(harness.emulator.control.stats().rateLimited).toBeGreaterThan(10);
  });
});

describe('the limits before 2.8.0', () => {
  const harness = useEmulator({ limits: rateLimits270 });

  test('a close is charged to the group of its opening', async () => {
    const { access: token } = await logIn(harness, freshNip());
    expect((await now(harness, { path: '/rate-limits', token })).body).toEqual(rateLimits270);
    const open = { method: 'POST', path: '/sessions/batch', token };
    const close = { method: 'POST', path: `/sessions/batch/${missing}/close`, token };
    await statuses(harness, open, 5);
    const closes = await statuses(harness, close, 6);
    expect(closes.slice(0, 5)).not.toContain(429);
    expect(closes[5]).toBe(429);
  });
});

describe('the ceiling over all calls', () => {
  const harness = useEmulator({
    limits: { ...rateLimits280, global: { perSecond: 4, perMinute: 4, perHour: 4 } },
  });

  test('is each context’s own, for the calls of a login too', async () => {
    for (let sellers = 0; sellers < 5; sellers += 1) {
      const { access } = await logIn(harness, freshNip());
      expect((await now(harness, { path: '/rate-limits', token: access })).status).toBe(200);
    }
  });
});
