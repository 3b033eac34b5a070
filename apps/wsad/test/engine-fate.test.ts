/** What KSeF may hold is never sent again before KSeF has said what became of it: the ugly answers, one by one. */
import type { FaultRequest } from '@wsad/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NIP, startPath } from './support/path.ts';

let path: Awaited<ReturnType<typeof startPath>>;
beforeEach(async () => {
  path = await startPath();
  await path.putToken();
});
afterEach(async () => await path.close());

const CLOSE_BATCH = 'POST /sessions/batch/{referenceNumber}/close';
const CLOSE_ONLINE = 'POST /sessions/online/{referenceNumber}/close';
const SEND = 'POST /sessions/online/{referenceNumber}/invoices';
const STATUS = 'GET /sessions/{referenceNumber}';
const PAGE = { contentType: 'text/html', body: '<html>busy</html>' };
const refusedToken = { status: 401, body: { status: 401, title: 'Unauthorized' } };

async function send(count: number, faults: FaultRequest[]): Promise<string[]> {
  for (const fault of faults) path.emulator.control.addFault(fault);
  const results = await path.submit(count, 'F');
  await path.queue.settle(path.world);
  return results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
}

async function statesOf(ids: readonly string[]): Promise<string[]> {
  const invoices = await Promise.all(ids.map((id) => path.ledger.invoice(id, 'all')));
  return invoices.map((invoice) => invoice?.state ?? 'lost');
}

const calls = (operation: string): number => path.emulator.control.stats().calls[operation] ?? 0;
const opened = () => path.emulator.control.stats().sessions;

describe('a close that was not answered well', () => {
  it.each([
    ['interactive', 3, CLOSE_ONLINE],
    ['batch', 8, CLOSE_BATCH],
  ] as const)(
    'of an %s session that is still open is repeated; nothing goes elsewhere',
    async (_, count, close) => {
      const ids = await send(count, [{ operation: close, times: 4, status: 502, ...PAGE }]);
      expect(await statesOf(ids)).toEqual(Array(count).fill('cleared'));
      expect(path.emulator.control.stats().registered).toBe(count);
      expect(opened().batch + opened().online).toBe(1);
    },
  );

  it('although it worked, followed by a login that answers oddly, fails nothing', async () => {
    const ids = await send(8, [
      { operation: CLOSE_BATCH, status: 504, afterEffect: true, ...PAGE },
      { operation: STATUS, ...refusedToken },
      { operation: 'POST /auth/token/refresh', status: 400, body: {} },
      { operation: 'POST /auth/challenge', status: 404, ...PAGE },
    ]);
    expect(await statesOf(ids)).toEqual(Array(8).fill('cleared'));
    expect(opened()).toEqual({ batch: 1, online: 0 });
  });

  it('because KSeF never got the parts lets the invoices go again', async () => {
    const empty = {
      exception: { exceptionDetailList: [{ exceptionCode: 21205, exceptionDescription: 'Pusta paczka' }] },
    };
    path.emulator.control.addFault({ operation: CLOSE_BATCH, status: 400, body: empty });
    const results = await path.submit(8, 'E');
    const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    await path.queue.settleUntil(path.world, () => path.events.some(({ type }) => type === 'session.failed'));
    expect(await statesOf(ids)).toEqual(Array(8).fill('accepted'));
    expect(
      (await path.ledger.sessionsPage({ nip: NIP }, 'all', null, 10)).items.map(({ state }) => state),
    ).toEqual(['failed']);
  });
});

describe('an interactive session that stops half-way', () => {
  it('by a 403 is closed all the same: what KSeF has is cleared, the rest goes again', async () => {
    const forbidden = {
      status: 403,
      body: {
        status: 403,
        title: 'Forbidden',
        detail: 'missing-permissions',
        reasonCode: 'missing-permissions',
      },
    };
    const ids = await send(5, [{ operation: SEND, skip: 2, ...forbidden }]);
    const states = await statesOf(ids);
    expect(states.filter((state) => state === 'cleared').length).toBe(
      path.emulator.control.stats().registered,
    );
    expect(states.filter((state) => state === 'lost')).toEqual([]);
    expect(path.emulator.control.registry().length).toBe(
      new Set(path.emulator.control.registry().map(({ sha256 }) => sha256)).size,
    );
  });

  it('by lost answers sends no invoice twice', async () => {
    const ids = await send(5, [{ operation: SEND, times: 2, afterEffect: true, drop: true }]);
    expect(await statesOf(ids)).toEqual(Array(5).fill('cleared'));
    expect(calls(SEND)).toBe(5);
    expect(path.emulator.control.stats().registered).toBe(5);
  });
});

describe('credentials that are replaced while a session is under way', () => {
  it('leave the session with those that opened it', async () => {
    await path.close();
    path = await startPath({ emulator: { strict: true, speed: 'realistic' } });
    const permissions = ['InvoiceWrite', 'InvoiceRead'];
    const tokens = await Promise.all([1, 2].map(() => path.emulator.control.issueToken(NIP, permissions)));
    await path.putToken(tokens[0]?.token);
    const results = await path.submit(6, 'R');
    await path.queue.settleUntil(path.world, () => calls(CLOSE_BATCH) === 1);
    await path.putToken(tokens[1]?.token);
    await path.queue.settle(path.world);
    const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    expect(await statesOf(ids)).toEqual(Array(6).fill('cleared'));
    expect(opened()).toEqual({ batch: 1, online: 0 });
  });
});
