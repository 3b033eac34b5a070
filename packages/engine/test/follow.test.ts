import { LOOKS_TO_SPARE, type SessionStatus } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { dispatchLane, followSession, sendSession } from '../src/index.ts';
import { nextPollDelayMs } from '../src/poll-schedule.ts';
import { answered, before, inTurn, refusedLogin, type Strike } from './support/faults.ts';
import { calls, closed, delaysOf, FIRST, follow, numbered, session, states } from './support/followed.ts';
import { putCredential } from './support/login-ledger.ts';
import { LANE } from './support/state.ts';
import { testWorld } from './support/world.ts';

describe('looking at a session', () => {
  it('is not done before KSeF can have an answer', async () => {
    const test = testWorld();
    test.acceptMany(6);
    await dispatchLane(test.world, LANE);
    await sendSession(test.world, FIRST);
    const until = new Date(test.world.clock().getTime() + 100);
    expect(await follow(test)).toMatchObject({ kind: 'snooze', until });
    expect(calls(test, 'sessionStatus')).toBe(0);
  });

  it('is repeated while KSeF works, and the ledger knows when', async () => {
    const test = testWorld();
    test.acceptMany(6);
    await dispatchLane(test.world, LANE);
    await sendSession(test.world, FIRST);
    test.pass(200);
    const outcome = await follow(test);
    expect(outcome).toMatchObject({ kind: 'snooze', why: 'KSeF says 150' });
    expect(session(test)).toMatchObject({ polls: 1, nextPollAt: 'until' in outcome ? outcome.until : null });
  });

  it('begins at about the time that the last one of its size took', async () => {
    const test = await closed();
    await follow(test);
    expect(test.events.at(-1)).toMatchObject({ type: 'session.settled', durationMs: 2_000 });
    test.accept(...numbered(12).slice(6));
    await dispatchLane(test.world, LANE);
    await sendSession(test.world, 'session-2');
    const until = new Date(test.world.clock().getTime() + 1_000);
    expect(await followSession(test.world, 'session-2')).toMatchObject({ until });
  });

  it('keeps to the steady rhythm where half of the calls for it is used', async () => {
    const delaysWith = async (spare: boolean): Promise<number[]> => {
      const working = (status: SessionStatus) => ({ ...status, code: 150, successfulInvoiceCount: null });
      const test = testWorld({ disguise: working, looksLeft: () => ({ ...LOOKS_TO_SPARE, spare }) });
      test.acceptMany(6);
      await dispatchLane(test.world, LANE);
      await sendSession(test.world, FIRST);
      return await delaysOf(test, 7);
    };
    expect(await delaysWith(true)).toEqual([100, 100, 100, 100, 100, 100, 100]);
    expect(await delaysWith(false)).toEqual([100, 150, 200, 250, 300, 400, 600]);
  });

  it('comes ever more seldom by the count of looks where the clock was put back to before closing', async () => {
    const test = testWorld({ disguise: (status) => ({ ...status, code: 150 }) });
    test.acceptMany(6);
    await dispatchLane(test.world, LANE);
    await sendSession(test.world, FIRST);
    test.pass(-7_200_000);
    expect(await delaysOf(test, 20)).toEqual(
      Array.from({ length: 20 }, (_, look) => nextPollDelayMs(look + 1)),
    );
  });

  it('is over when it has ended', async () => {
    const test = await closed();
    expect(await follow(test)).toEqual({ kind: 'done' });
    const before = test.model.calls.length;
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(test.model.calls).toHaveLength(before);
  });

  it('goes on ever more seldom where KSeF does not answer, and no attempt is spent', async () => {
    const sessionStatus = [null, ...Array<Strike>(3).fill(before(answered('sessionStatus', 502)))];
    const test = await closed({ strikes: { sessionStatus } });
    const waits: number[] = [];
    for (const _ of [1, 2, 3]) {
      const outcome = await follow(test);
      if (outcome.kind === 'snooze') waits.push(outcome.until.getTime() - test.world.clock().getTime());
    }
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(session(test)?.state).toBe('settled');
  });

  it('goes on with new credentials where those that opened it are refused meanwhile', async () => {
    const test = await closed({
      strikes: {
        sessionStatus: [null, before(answered('sessionStatus', 401))],
        refresh: [before(answered('refresh', 401))],
        login: [null, before(refusedLogin(425))],
      },
    });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
    putCredential(test.state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    expect(await follow(test)).toEqual({ kind: 'done' });
  });

  it('believes that KSeF knows no such session only after twenty times, and then asks a person', async () => {
    const unknown = before(answered('sessionStatus', 400, 21173));
    const test = await closed({ strikes: { sessionStatus: [null, ...Array<Strike>(30).fill(unknown)] } });
    for (let look = 1; look <= 20; look += 1) expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('held'));
  });

  it('does not believe it after other failures, however many', async () => {
    const unknown = before(answered('sessionStatus', 400, 21173));
    const away = Array<Strike>(30).fill(before(answered('sessionStatus', 503)));
    const test = await closed({ strikes: { sessionStatus: [null, ...away, unknown] } });
    for (let look = 1; look <= 31; look += 1) expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
  });

  it('closes again what KSeF had said was closed and is open', async () => {
    const test = testWorld({ strike: inTurn({ closeBatch: [{ when: 'instead' }] }) });
    test.acceptMany(6);
    await test.settle();
    expect(calls(test, 'closeBatch')).toBe(2);
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    expect(test.model.sessions.size).toBe(1);
  });
});
