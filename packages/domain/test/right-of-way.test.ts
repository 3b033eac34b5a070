import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRightOfWay, type RightOfWay } from '../src/index.ts';

/** A right of way in a time that is moved by hand. */
function timed() {
  let now = 0;
  const timers = new Set<{ at: number; then: () => void }>();
  const way = createRightOfWay({
    nowMs: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  return {
    way,
    timers,
    async pass(ms: number): Promise<void> {
      const until = now + ms;
      for (;;) {
        const [next] = [...timers].sort((left, right) => left.at - right.at);
        if (next === undefined || next.at > until) break;
        now = next.at;
        timers.delete(next);
        next.then();
        await nextTurn();
      }
      now = until;
      await nextTurn();
    },
  };
}

/** A small session under way until `end` is called. */
function small(way: RightOfWay) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const done = way.first(() => promise);
  return { done, end: () => resolve('settled') };
}

/** Whether large work stands, and can be told to be asked again. */
function large(way: RightOfWay) {
  let stands = true;
  void way.giveWay().then(() => {
    stands = false;
  });
  return { stands: () => stands };
}

it('lets large work go on while nothing small is under way', async () => {
  const { way, timers } = timed();
  await way.giveWay();
  const session = small(way);
  session.end();
  expect(await session.done).toBe('settled');
  await way.giveWay();
  expect(timers.size).toBe(0);
});

it('has large work stand until the last small session is through', async () => {
  const { way, pass } = timed();
  const [first, second] = [small(way), small(way)];
  const [claiming, settling] = [large(way), large(way)];
  first.end();
  await pass(100);
  expect([claiming.stands(), settling.stands()]).toEqual([true, true]);
  second.end();
  await pass(0);
  expect([claiming.stands(), settling.stands()]).toEqual([false, false]);
});

it('has it stand for no longer than 600 ms, and then for three times as long as it has gone on', async () => {
  const { way, pass } = timed();
  const sessions = Array.from({ length: 3 }, () => small(way));
  const first = large(way);
  await pass(599);
  expect(first.stands()).toBe(true);
  await pass(1);
  expect(first.stands()).toBe(false);
  const atOnce = large(way);
  await pass(0);
  expect(atOnce.stands()).toBe(false);
  await pass(50);
  const second = large(way);
  await pass(149);
  expect(second.stands()).toBe(true);
  await pass(1);
  expect(second.stands()).toBe(false);
  for (const { end } of sessions) end();
});

it('takes what has not ended within a second to be waiting for something else', async () => {
  const { way, pass, timers } = timed();
  const session = small(way);
  await pass(700);
  const before = large(way);
  await pass(299);
  expect(before.stands()).toBe(true);
  await pass(1);
  expect(before.stands()).toBe(false);
  await pass(1_000);
  const later = large(way);
  await pass(0);
  expect(later.stands()).toBe(false);
  session.end();
  await session.done;
  expect(timers.size).toBe(0);
});

it('has large work stand from one step of a small session to its next', async () => {
  const { way, pass, timers } = timed();
  const claiming = way.first(async () => way.expect('session-1'));
  const beside = large(way);
  await claiming;
  await pass(99);
  expect(beside.stands()).toBe(true);
  const { promise, resolve } = Promise.withResolvers<void>();
  const sending = way.first(() => promise, 'session-1');
  await pass(50);
  expect(beside.stands()).toBe(true);
  resolve();
  await sending;
  await pass(0);
  expect(beside.stands()).toBe(false);
  expect(timers.size).toBe(0);
});

it('waits no longer than a tenth of a second for a next step, which may be that of another process', async () => {
  const { way, pass, timers } = timed();
  way.expect('session-1');
  await pass(60);
  way.expect('session-1');
  const beside = large(way);
  await pass(99);
  expect(beside.stands()).toBe(true);
  await pass(1);
  expect(beside.stands()).toBe(false);
  expect(timers.size).toBe(0);
});

it('forgets a small session that fails', async () => {
  const { way } = timed();
  await expect(way.first(() => Promise.reject(new Error('KSeF is away')))).rejects.toThrow('KSeF is away');
  await way.giveWay();
});

it('does not have work stand for itself once it has found that it is large', async () => {
  const { way, timers } = timed();
  const claimed = await way.first(async (large) => {
    large();
    await way.giveWay();
    return 'claimed';
  });
  expect(claimed).toBe('claimed');
  expect(timers.size).toBe(0);
});
