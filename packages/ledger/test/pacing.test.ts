import {
  CALL_PRESUMED_ANSWERED_MS,
  LimitReached,
  LOOKS_TO_SPARE,
  type RateLimits,
  type WsadEvent,
} from '@wsad/domain';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../src/index.ts';
import { movingClock } from './support/clock.ts';
import { NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { followed } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(8);
});
afterAll(() => test.close());

let egresses = 0;
function newEgress(): string {
  egresses += 1;
  return `192.0.2.${egresses}`;
}

/** Places of calls that nobody has answered yet. */
async function unansweredOf(nip: string): Promise<number> {
  const { rows } = await test.pool.query<{ count: number }>(
    'SELECT count(*)::int FROM call_slots WHERE starts_with(counter, $1) AND answered_at IS NULL',
    [nip],
  );
  return rows[0]?.count ?? 0;
}

const SMALL: RateLimits = {
  batchSession: { perSecond: 2, perMinute: 3, perHour: 5 },
  global: { perSecond: 3, perMinute: 6 },
};

/** So many calls, one after another, each with time passing after it. */
async function apart(call: () => Promise<void>, times: number, pass: () => void): Promise<void> {
  for (let calls = 0; calls < times; calls += 1) {
    await call();
    pass();
  }
}

describe('the pacer', () => {
  it('is full after as many calls as the window allows, and says when it has room again', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    const nip = newNip();
    for (let calls = 0; calls < 10; calls += 1) await (await pacer.take('openBatch', nip)).answered();
    const refused = await pacer.take('openBatch', nip).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LimitReached);
    expect(refused).toMatchObject({ at: new Date(NOW.getTime() + 1000) });
    await (await pacer.take('openBatch', newNip())).answered();
    await (await pacer.take('sessionStatus', nip)).answered();
    move(1001);
    await (await pacer.take('openBatch', nip)).answered();
  });

  it('waits for a place that comes free soon', async () => {
    const { clock, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, clockSkewMs: 0 });
    const nip = newNip();
    for (let calls = 0; calls < 11; calls += 1) await (await pacer.take('openBatch', nip)).answered();
    expect(clock().getTime()).toBe(NOW.getTime() + 1000);
  });

  it('counts logins per address, whoever they are for', async () => {
    const { clock, wait } = movingClock();
    const egress = newEgress();
    const pacer = test.ledger.pacer({ egress, clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    for (let calls = 0; calls < 60; calls += 1) await pacer.take('challenge', calls % 2 ? newNip() : null);
    await expect(pacer.take('challenge', newNip())).rejects.toThrow(LimitReached);
    await pacer.take('redeem', newNip());
    const elsewhere = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    await elsewhere.take('challenge', newNip());
  });

  it('works from the limits last read, in whichever process', async () => {
    const { clock, wait } = movingClock();
    const options = { egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 };
    const pacer = test.ledger.pacer(options);
    const nip = newNip();
    await pacer.take('openBatch', nip);
    await test.ledger.saveRateLimits(nip, SMALL, NOW);
    expect(await test.ledger.rateLimits(nip)).toEqual({ limits: SMALL, readAt: NOW });
    expect(await test.ledger.rateLimitsReadAt(nip)).toEqual(NOW);
    await pacer.take('openBatch', nip);
    await expect(pacer.take('openBatch', nip)).rejects.toThrow(LimitReached);
    await expect(pacer.take('closeBatch', nip)).rejects.toThrow(/batchSession/);
  });

  it('does not believe the limits any more once KSeF has refused a call that they allowed', async () => {
    const { clock, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    const nip = newNip();
    await test.ledger.saveRateLimits(nip, SMALL, NOW);
    await pacer.take('sessionStatus', nip);
    await pacer.refused('openBatch', nip, NOW);
    expect(await test.ledger.rateLimitsReadAt(nip)).toEqual(new Date(0));
    await pacer.take('sessionStatus', nip);
  });

  it('takes a place in every window or in none', async () => {
    const { clock, wait } = movingClock();
    const egress = newEgress();
    const pacer = test.ledger.pacer({ egress, clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    const nip = newNip();
    await test.ledger.saveRateLimits(nip, { ...SMALL, sessionMisc: { perSecond: 100 } }, NOW);
    for (let calls = 0; calls < 3; calls += 1) await pacer.take('sessionStatus', nip);
    await expect(pacer.take('openBatch', nip)).rejects.toThrow(/global/);
    const { rows } = await test.pool.query('SELECT FROM call_slots WHERE counter = $1', [
      `${nip}@${egress}|batchSession`,
    ]);
    expect(rows).toHaveLength(0);
  });

  it('presumes a call answered that nobody said anything of', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    const nip = newNip();
    for (let calls = 0; calls < 10; calls += 1) await pacer.take('openBatch', nip);
    move(CALL_PRESUMED_ANSWERED_MS - 1);
    await expect(pacer.take('openBatch', nip)).rejects.toThrow(LimitReached);
    move(1001);
    await pacer.take('openBatch', nip);
  });

  it('presumes so for all who count them, also where no further call is made', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 });
    const nip = newNip();
    await pacer.take('openBatch', nip);
    move(CALL_PRESUMED_ANSWERED_MS - 1);
    await test.ledger.tidy(clock(), clock());
    expect(await unansweredOf(nip)).toBe(1);
    move(1);
    await test.ledger.tidy(clock(), clock());
    expect(await unansweredOf(nip)).toBe(0);
  });

  it('obeys a 429 and counts it', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0 });
    const nip = newNip();
    const before = (await test.ledger.metrics(NOW)).totals.rateLimited;
    const until = new Date(NOW.getTime() + 60_000);
    await pacer.refused('openBatch', nip, until);
    await pacer.refused('openBatch', nip, new Date(NOW.getTime() + 1_000));
    expect(await pacer.take('openBatch', nip).catch((error: unknown) => error)).toMatchObject({ at: until });
    await pacer.take('openOnline', nip);
    move(60_000);
    await pacer.take('openBatch', nip);
    expect((await test.ledger.metrics(NOW)).totals.rateLimited).toBe(before + 2);
  });

  it('keeps every window a little longer than named, for clocks that disagree', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 200 });
    const nip = newNip();
    for (let calls = 0; calls < 10; calls += 1) await (await pacer.take('openBatch', nip)).answered();
    move(1100);
    await expect(pacer.take('openBatch', nip)).rejects.toThrow(LimitReached);
    move(100);
    await pacer.take('openBatch', nip);
  });

  it('tells of an answer that could not be written down, and does not wait for it', async () => {
    const { clock, wait } = movingClock();
    const events: WsadEvent[] = [];
    const egress = newEgress();
    const emit = (event: WsadEvent) => void events.push(event);
    const pacer = test.ledger.pacer({ egress, clock, wait, maxWaitMs: 0, emit });
    const nip = newNip();
    const slot = await pacer.take('openBatch', nip);
    const blocker = await test.pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM call_slots WHERE counter = $1 FOR UPDATE', [
      `${nip}@${egress}|batchSession`,
    ]);
    await slot.answered();
    await pacer.take('openBatch', nip);
    expect(events).toEqual([]);
    await test.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE call_slots%'`,
    );
    await expect
      .poll(() => events)
      .toEqual([{ type: 'ksef.unwritten', operation: 'openBatch', nip, message: expect.any(String) }]);
    await blocker.query('ROLLBACK');
    blocker.release();
    await pacer.take('openBatch', nip);
  });

  it('knows at each look whether half of the calls of a minute or an hour is used, whoever used them', async () => {
    const { clock, move, wait } = movingClock();
    const options = { egress: newEgress(), clock, wait, maxWaitMs: 0, clockSkewMs: 0 };
    const [mine, other] = [test.ledger.pacer(options), test.ledger.pacer(options)];
    const nip = newNip();
    const looksAfter = async (ms: number) => {
      move(ms);
      await (await mine.take('sessionStatus', nip)).answered();
      return mine.looksLeft(nip);
    };
    const fetchByOther = async (count: number, everyMs: number) => {
      for (let calls = 0; calls < count; calls += 1) {
        move(everyMs);
        await (await other.take('invoiceUpo', nip)).answered();
      }
      // Which waits until the last answer is written down.
      await other.take('rateLimits', nip);
    };
    expect(mine.looksLeft(nip)).toEqual(LOOKS_TO_SPARE);
    await fetchByOther(59, 200);
    expect(await looksAfter(200)).toEqual(LOOKS_TO_SPARE);
    expect(await looksAfter(200)).toMatchObject({ ...LOOKS_TO_SPARE, spare: false });
    expect(other.looksLeft(nip)).toEqual(LOOKS_TO_SPARE);
    expect(await looksAfter(60_000)).toEqual(LOOKS_TO_SPARE);
    await fetchByOther(538, 1_001);
    expect(await looksAfter(60_000)).toMatchObject({ spare: false, forEach: 600 });
    expect(mine.looksLeft(newNip())).toEqual(LOOKS_TO_SPARE);
    move(600_001);
    expect(mine.looksLeft(nip)).toEqual(LOOKS_TO_SPARE);
    expect(await looksAfter(3_000_000)).toEqual(LOOKS_TO_SPARE);
  });

  it('shares the looks of an hour among the sessions under way and as many to come as began in it', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, clockSkewMs: 0 });
    const nip = newNip();
    const look = async () => (await pacer.take('sessionStatus', nip)).answered();
    const open = async () => (await pacer.take('openOnline', nip)).answered();
    await apart(look, 700, () => move(1_001));
    await apart(open, 10, () => move(2_001));
    await followed(test.ledger, nip, numbered(6));
    await pacer.take('sessionStatus', nip);
    expect(pacer.looksLeft(nip)).toMatchObject({ forEach: 500 / (1 + 10) });
  });

  it('takes a place for a look also where it cannot be asked how many more are left, and takes what was told before', async () => {
    const { clock, move, wait } = movingClock();
    const broken = { failing: false };
    const query = (asked: string | { text: string }, values?: unknown[]) => {
      const isHint = typeof asked === 'string' && asked.includes('"underWay"');
      if (broken.failing && isHint) return Promise.reject(new Error('statement timeout'));
      return test.pool.query(asked, values);
    };
    const pool: Pool = Object.assign(Object.create(test.pool), { query });
    const ledger = createLedger({ pool, vaultKey: test.vaultKey });
    const pacer = ledger.pacer({ egress: newEgress(), clock, wait, clockSkewMs: 0 });
    const nip = newNip();
    const look = async () => (await pacer.take('sessionStatus', nip)).answered();
    await apart(look, 602, () => move(1_001));
    const told = pacer.looksLeft(nip);
    expect(told.forEach).toBeLessThan(600);
    broken.failing = true;
    await look();
    expect(pacer.looksLeft(nip)).toMatchObject({ spare: false, forEach: told.forEach });
    await expect.poll(() => unansweredOf(nip)).toBe(0);
  });

  it('forgets how many looks are left where the clock was put back', async () => {
    const { clock, move, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, clockSkewMs: 0 });
    const nip = newNip();
    const look = async () => (await pacer.take('sessionStatus', nip)).answered();
    await apart(look, 62, () => move(200));
    expect(pacer.looksLeft(nip).spare).toBe(false);
    move(-3_600_000);
    expect(pacer.looksLeft(nip)).toEqual(LOOKS_TO_SPARE);
  });

  it('tells a seller how full its windows are', async () => {
    const { clock, wait } = movingClock();
    const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait });
    const nip = newNip();
    await test.ledger.putCredentials({
      owner: { nip },
      secret: { type: 'ksefToken', token: 't' },
      actor: 'a',
      now: NOW,
    });
    for (let calls = 0; calls < 3; calls += 1) await (await pacer.take('openBatch', nip)).answered();
    await pacer.take('rateLimits', nip);
    const status = await test.ledger.sellerStatus(nip, new Date(NOW.getTime() + 30_000));
    expect(status?.limits.filter(({ group }) => group === 'batchSession')).toEqual([
      { group: 'batchSession', used: 0, limit: 10, windowSeconds: 1 },
      { group: 'batchSession', used: 3, limit: 20, windowSeconds: 60 },
      { group: 'batchSession', used: 3, limit: 60, windowSeconds: 3600 },
    ]);
    expect(
      status?.limits.find(({ group, windowSeconds }) => group === 'other' && windowSeconds === 3600)?.used,
    ).toBe(1);
  });
});
