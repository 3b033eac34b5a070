import { expect, it } from 'vitest';
import { retryingFetch, WsadUnreachable } from '../src/index.ts';

type Reply = number | { status: number; retryAfter: string } | Error;

function scripted(...replies: Reply[]) {
  const bodies: string[] = [];
  const pausesMs: number[] = [];
  const call = retryingFetch({
    retryForMs: 20_000,
    async fetch(request) {
      bodies.push(await request.text());
      const reply = replies[bodies.length - 1] ?? 200;
      if (reply instanceof Error) throw reply;
      if (typeof reply === 'number') return new Response(null, { status: reply });
      return new Response('busy', { status: reply.status, headers: { 'retry-after': reply.retryAfter } });
    },
    pause: async (ms) => void pausesMs.push(ms),
  });
  return { call, bodies, pausesMs };
}

const URL_OF = 'http://wsad.test/v1/x';
const keyed = () =>
  new Request(URL_OF, { method: 'POST', body: 'invoices', headers: { 'idempotency-key': 'k' } });

it('waits as long as Retry-After says, and twice as long each time where nothing says', async () => {
  const { call, pausesMs } = scripted({ status: 503, retryAfter: '3' }, 429, new TypeError('broken'), 200);
  expect((await call(new Request(URL_OF))).status).toBe(200);
  expect(pausesMs).toEqual([3_000, 1_000, 2_000]);
});

it('repeats a call with a key, its body whole every time, also while the first is being answered', async () => {
  const { call, bodies } = scripted(new TypeError('broken'), 409, 503, 200);
  expect((await call(keyed())).status).toBe(200);
  expect(bodies).toEqual(['invoices', 'invoices', 'invoices', 'invoices']);
});

it('sends once what may not be repeated', async () => {
  const busy = scripted(503);
  expect((await busy.call(new Request(URL_OF, { method: 'POST', body: 'x' }))).status).toBe(503);
  const broken = scripted(new TypeError('broken'));
  await expect(broken.call(new Request(URL_OF, { method: 'POST' }))).rejects.toThrow(WsadUnreachable);
  expect([busy.bodies.length, broken.bodies.length]).toEqual([1, 1]);
});

it('gives the last answer once its time is over, at once where Retry-After is beyond it', async () => {
  const long = scripted({ status: 503, retryAfter: '21' });
  expect((await long.call(new Request(URL_OF))).status).toBe(503);
  expect(long.pausesMs).toEqual([]);
  const away = scripted(...Array.from({ length: 50 }, () => new TypeError('refused')));
  await expect(away.call(new Request(URL_OF))).rejects.toThrow('http://wsad.test cannot be reached: refused');
  expect(away.pausesMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(20_000);
});
