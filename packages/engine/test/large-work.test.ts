import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dispatchLane, followSession, sendSession, type World } from '../src/index.ts';
import { type LargeWork, largeInTurn, largeInTurnAnyway, largeSettlement } from '../src/large-work.ts';
import { LANE } from './support/state.ts';
import { testWorld } from './support/world.ts';

const LARGE = 501;
/** No claim takes more. */
const FOUR_SESSIONS = 40_000;
const FIRST = 'session-1';

/** So many large sessions are at it or in line until `end` is called. */
function crowd(world: World, kind: LargeWork, count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  const works = Array.from({ length: count }, () =>
    largeInTurn(world, kind, LARGE, async () => {
      begun += 1;
      await promise;
      return 'done';
    }),
  );
  return { begun: () => begun, works, end: resolve };
}

it('goes one at a time, with four in line, and is put off beyond', async () => {
  const { world } = testWorld();
  const { begun, works, end } = crowd(world, 'sending', 6);
  await expect.poll(begun).toBe(1);
  expect(await works[5]).toBeNull();
  end();
  expect(await Promise.all(works.slice(0, 5))).toEqual(Array<string>(5).fill('done'));
});

it('keeps no small session waiting', async () => {
  const { world } = testWorld();
  const { end } = crowd(world, 'sending', 5);
  expect(await largeInTurn(world, 'sending', LARGE - 1, async () => 'small')).toBe('small');
  end();
});

it('takes turns among all kinds of work, each of which has places of its own in line', async () => {
  const { world } = testWorld();
  const sending = crowd(world, 'sending', 5);
  const settling = crowd(world, 'settling', 5);
  settling.end();
  await expect.poll(sending.begun).toBe(1);
  expect(settling.begun()).toBe(0);
  sending.end();
  expect(await Promise.all(settling.works)).toEqual(Array<string>(5).fill('done'));
});

it('writes down what has to be however many are in line, and counts it among them', async () => {
  const { world } = testWorld();
  const { begun, end } = crowd(world, 'sending', 5);
  const written = largeInTurnAnyway(world, 'sending', LARGE, async () => begun());
  end();
  expect(await written).toBe(5);
});

it('claims a lane in which much was left in turn, and later where the line is too long', async () => {
  const { world, acceptMany, state } = testWorld();
  acceptMany(LARGE);
  const claimLane: World['ledger']['claimLane'] = (lane, now, plan) =>
    world.ledger.claimLane(lane, now, (waiting, room) =>
      plan({ ...waiting, count: waiting.count + FOUR_SESSIONS }, room),
    );
  const crowded = { ...world, ledger: { ...world.ledger, claimLane } };
  const { end } = crowd(crowded, 'claiming', 5);
  await dispatchLane(crowded, LANE);
  const claimed = state.sessions.size;
  acceptMany(1);
  const ahead = { why: 'other large work is ahead' };
  expect(await dispatchLane(crowded, LANE)).toMatchObject({ kind: 'snooze', ...ahead });
  expect(state.sessions.size).toBe(claimed);
  end();
  await expect.poll(() => dispatchLane(crowded, LANE)).not.toMatchObject(ahead);
});

it('claims a lane of which all was claimed before like any small one', async () => {
  const { world, acceptMany, state } = testWorld();
  acceptMany(LARGE);
  const { end } = crowd(world, 'claiming', 5);
  await dispatchLane(world, LANE);
  acceptMany(6);
  await dispatchLane(world, LANE);
  expect(state.sessions.size).toBe(2);
  end();
});

it('puts a session off whose packaging has no place in line, and gives its lease back', async () => {
  const test = testWorld();
  test.acceptMany(LARGE);
  await dispatchLane(test.world, LANE);
  const { end } = crowd(test.world, 'sending', 5);
  expect(await sendSession(test.world, FIRST)).toMatchObject({ kind: 'snooze' });
  expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'claimed', leaseUntil: null });
  expect(test.model.calls).not.toContain('openBatch');
  end();
  await test.settle();
  expect(test.model.calls.filter((call) => call === 'openBatch')).toHaveLength(1);
});

/** The first look; the next finds all verdicts. */
async function stillAtWork(world: World): Promise<void> {
  expect(await followSession(world, FIRST)).toMatchObject({ why: 'KSeF says 150' });
}

it('looks later at a session whose settling has no place in line', async () => {
  const test = testWorld();
  test.acceptMany(LARGE);
  await dispatchLane(test.world, LANE);
  await sendSession(test.world, FIRST);
  test.pass(1_000);
  await stillAtWork(test.world);
  test.pass(1_000);
  const ended = Promise.withResolvers<void>();
  const others = Array.from({ length: 8 }, () => largeSettlement(test.world, LARGE, () => ended.promise));
  expect(await followSession(test.world, FIRST)).toMatchObject({ why: 'KSeF says 200' });
  expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'closed' });
  ended.resolve();
  await Promise.all(others);
  await test.settle();
  expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'settled' });
});

it('lets others settle meanwhile', async () => {
  const { world } = testWorld();
  const answered = Promise.withResolvers<void>();
  const settlements = Array.from({ length: 3 }, () => largeSettlement(world, LARGE, () => answered.promise));
  expect(await largeSettlement(world, LARGE, async () => 'settled')).toBe('settled');
  answered.resolve();
  await Promise.all(settlements);
});

it('keeps no turn while KSeF is asked for a UPO, and waits for one before it writes down what that says', async () => {
  const test = testWorld();
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const downloadUpo: World['ksef']['downloadUpo'] = async (url) => {
    asked.resolve();
    await answered.promise;
    return await test.world.ksef.downloadUpo(url);
  };
  const world = { ...test.world, ksef: { ...test.world.ksef, downloadUpo } };
  test.acceptMany(LARGE);
  await dispatchLane(world, LANE);
  await sendSession(world, FIRST);
  test.pass(1_000);
  await stillAtWork(world);
  test.pass(1_000);
  const following = followSession(world, FIRST);
  await asked.promise;
  expect(await largeInTurn(world, 'sending', LARGE, async () => 'packed')).toBe('packed');
  const { end } = crowd(world, 'sending', 1);
  answered.resolve();
  for (let turns = 0; turns < 5; turns += 1) await nextTurn();
  expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'closed' });
  end();
  await following;
  expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'settled' });
});

describe('the right of way', () => {
  /** Who was let first, and how often large work gave way. */
  function watched() {
    const test = testWorld();
    const told: string[] = [];
    const awaited = new Set<string>();
    const rightOfWay: World['rightOfWay'] = {
      async first(work, expected) {
        told.push('a small one begins');
        if (expected !== undefined) awaited.delete(expected);
        const result = await work(() => told.push('it is large'));
        told.push('a small one ends');
        return result;
      },
      expect: (what) => void awaited.add(what),
      giveWay: async () => void told.push('large work gives way'),
    };
    return { ...test, world: { ...test.world, rightOfWay }, told, awaited };
  }

  it('is that of a small session, from claiming it to its verdicts', async () => {
    const test = watched();
    test.acceptMany(3);
    await test.settle(test.world);
    expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'settled' });
    expect(test.told.length).toBeGreaterThanOrEqual(6);
    expect(test.told).not.toContain('large work gives way');
    expect(test.told.filter((_, place) => place % 2 === 0)).not.toContain('a small one ends');
  });

  it('is that of its next step before that begins, too', async () => {
    const { world, awaited, acceptMany, state } = watched();
    acceptMany(3);
    await dispatchLane(world, LANE);
    expect([...awaited]).toEqual([FIRST]);
    let whileSending: string[] | null = null;
    const openOnline: World['ksef']['openOnline'] = async (...of) => {
      whileSending = [...awaited];
      return await world.ksef.openOnline(...of);
    };
    await sendSession({ ...world, ksef: { ...world.ksef, openOnline } }, FIRST);
    expect(state.sessions.get(FIRST)).toMatchObject({ state: 'closed' });
    expect(whileSending).toEqual([]);
    expect([...awaited]).toEqual([FIRST]);
    await followSession(world, FIRST);
    expect([...awaited]).toEqual([]);
  });

  it('is expected for no large session', async () => {
    const { world, awaited, acceptMany } = watched();
    acceptMany(LARGE);
    await dispatchLane(world, LANE);
    await sendSession(world, FIRST);
    expect([...awaited]).toEqual([]);
  });

  it('is given to it before each turn of large work, and between its steps', async () => {
    const test = watched();
    test.acceptMany(LARGE);
    await dispatchLane(test.world, LANE);
    expect(test.told).toEqual(['a small one begins', 'it is large', 'a small one ends']);
    test.told.length = 0;
    await sendSession(test.world, FIRST);
    // Packing begins, the second piece is packed, and the closing is written down.
    expect(test.told).toEqual(Array<string>(3).fill('large work gives way'));
    test.told.length = 0;
    await test.settle(test.world);
    expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'settled' });
    expect(new Set(test.told)).toContain('large work gives way');
  });
});
