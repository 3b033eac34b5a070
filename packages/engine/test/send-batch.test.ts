import { describe, expect, it } from 'vitest';
import { dispatchLane, sendSession } from '../src/index.ts';
import {
  answered,
  before,
  inTurn,
  type Operation,
  refusedLogin,
  type Strike,
  treated,
} from './support/faults.ts';
import { LANE } from './support/state.ts';
import { type TestWorld, testWorld } from './support/world.ts';

const FIRST = 'session-1';
const RETRY = before(treated('retry', 'uploadPart', 502));

async function claimed(strikes: Partial<Record<Operation, (Strike | null)[]>> = {}): Promise<TestWorld> {
  const test = testWorld({ strike: inTurn(strikes), partBytes: 40 });
  test.acceptMany(6);
  await dispatchLane(test.world, LANE);
  return test;
}

function count({ model }: TestWorld, operation: Operation): number {
  return model.calls.filter((call) => call === operation).length;
}

function states({ state }: TestWorld): string[] {
  return [...new Set([...state.invoices.values()].map((invoice) => invoice.state))];
}

describe('a batch session', () => {
  it('is logged in for, packaged, opened, uploaded and closed, each step recorded', async () => {
    const test = await claimed();
    expect(await sendSession(test.world, FIRST)).toEqual({ kind: 'done' });
    const session = test.state.sessions.get(FIRST);
    const parts = session?.opened?.parts.length ?? 0;
    expect(parts).toBeGreaterThan(2);
    const uploads = Array<Operation>(parts).fill('uploadPart');
    expect(test.model.calls).toEqual(['login', 'rateLimits', 'openBatch', ...uploads, 'closeBatch']);
    expect(session).toMatchObject({ state: 'closed', leaseUntil: null });
    expect(session?.uploadedAt.size).toBe(parts);
    expect(states(test)).toEqual(['processing']);
    expect(test.queue.rung()).toContain(`follow ${FIRST}`);
    expect(test.events.map(({ type }) => type)).toEqual([
      'session.claimed',
      'login.opened',
      'session.packaged',
      'session.opened',
      'session.closed',
    ]);
  });

  it('is left alone where another sender holds it or nothing is left to send', async () => {
    const test = await claimed();
    await test.world.ledger.acquireSession(FIRST, 'another', test.world.clock(), 8_000);
    expect(await sendSession(test.world, FIRST)).toEqual({ kind: 'done' });
    expect(test.model.calls).toEqual([]);
    test.pass(8_000);
    await sendSession(test.world, FIRST);
    await sendSession(test.world, FIRST);
    expect(count(test, 'closeBatch')).toBe(1);
  });

  it('is dropped at once by a sender whom another has replaced', async () => {
    const test = await claimed();
    const { world, state } = test;
    const recordOpened: typeof world.ledger.recordOpened = async (id, fence, opened) => {
      await world.ledger.recordOpened(id, fence, opened);
      const session = state.sessions.get(id);
      if (session !== undefined) session.fence += 1;
    };
    const replaced = { ...world, ledger: { ...world.ledger, recordOpened } };
    expect(await sendSession(replaced, FIRST)).toEqual({ kind: 'done' });
    expect(state.sessions.get(FIRST)).toMatchObject({ state: 'opened', fence: 2 });
    expect(count(test, 'closeBatch')).toBe(0);
  });
});

describe('an upload', () => {
  it('is repeated at once when it fails in passing', async () => {
    const test = await claimed({ uploadPart: [RETRY, RETRY, RETRY] });
    expect(await sendSession(test.world, FIRST)).toEqual({ kind: 'done' });
    expect(test.state.sessions.get(FIRST)?.state).toBe('closed');
  });

  it('that keeps failing is taken up later in the same session, with the same bytes and only what is missing', async () => {
    const test = await claimed({ uploadPart: [null, ...Array<Strike>(60).fill(RETRY)] });
    expect(await sendSession(test.world, FIRST)).toMatchObject({ kind: 'snooze' });
    const session = test.state.sessions.get(FIRST);
    const parts = session?.opened?.parts.length ?? 0;
    const uploaded = session?.uploadedAt.size ?? 0;
    expect(session?.state).toBe('opened');
    expect(uploaded).toBeGreaterThanOrEqual(1);
    expect(uploaded).toBeLessThan(parts);

    test.pass(120_000);
    let uploads = 0;
    const uploadPart = async (): Promise<void> => {
      uploads += 1;
    };
    await sendSession({ ...test.world, ksef: { ...test.world.ksef, uploadPart } }, FIRST);
    expect(uploads).toBe(parts - uploaded);
    expect(count(test, 'openBatch')).toBe(1);
  });

  it('whose address has expired ends the session, and its invoices go in another', async () => {
    const test = await claimed({ uploadPart: [before(treated('new-session', 'uploadPart', 403))] });
    expect(await sendSession(test.world, FIRST)).toEqual({ kind: 'done' });
    expect(test.state.sessions.get(FIRST)?.state).toBe('abandoned');
    expect(test.queue.rung()).toContain('dispatch');
    await test.settle();
    expect(states(test)).toEqual(['cleared']);
    expect(test.model.sentTwice).toEqual([]);
  });
});

describe('a session that was opened before', () => {
  it('is given up when the package has other bytes now', async () => {
    const test = await claimed({ uploadPart: Array<Strike>(60).fill(RETRY) });
    await sendSession(test.world, FIRST);
    const { world } = test;
    const build: typeof world.packager.build = async (input) => {
      const built = await world.packager.build(input);
      return { ...built, sha256: 'of another zlib' };
    };
    await sendSession({ ...world, packager: { ...world.packager, build } }, FIRST);
    expect(test.state.sessions.get(FIRST)).toMatchObject({
      state: 'abandoned',
      why: 'the rebuilt package has other bytes than the announced one',
    });
    expect(count(test, 'closeBatch')).toBe(0);
  });

  it('is given up without a call when its time for uploading has run out', async () => {
    const test = await claimed({ uploadPart: Array<Strike>(60).fill(RETRY) });
    await sendSession(test.world, FIRST);
    const calls = test.model.calls.length;
    test.pass(1_200_000);
    await sendSession(test.world, FIRST);
    expect(test.state.sessions.get(FIRST)?.state).toBe('abandoned');
    expect(test.model.calls).toHaveLength(calls);
  });
});

describe('an opening', () => {
  it.each([
    ['that KSeF finds wrong is tried three times, then a person must look', 400, 'session_failed'],
    ['for which a permission is missing holds the seller', 403, 'permission_missing'],
  ])('%s', async (_, status, cause) => {
    const openBatch = Array<Strike>(3).fill(before(answered('openBatch', status)));
    const test = await claimed({ openBatch });
    await test.settle();
    const held = [...test.state.invoices.values()];
    expect(held.every((invoice) => invoice.state === 'held' && invoice.holdCause === cause)).toBe(true);
    expect(count(test, 'openBatch')).toBe(status === 403 ? 1 : 3);
  });

  it('over a limit waits for its place and spends no attempt', async () => {
    const test = await claimed({ openBatch: [before(answered('openBatch', 429))] });
    const until = new Date(test.world.clock().getTime() + 1_000);
    expect(await sendSession(test.world, FIRST)).toMatchObject({ kind: 'snooze', until });
    expect(test.state.sessions.get(FIRST)).toMatchObject({ state: 'claimed', sendAfter: until });
  });

  it('whose answer is lost is repeated in a session of its own; the orphan is never closed', async () => {
    const test = await claimed({
      openBatch: [{ when: 'after', error: treated('retry', 'openBatch', null) }],
    });
    await test.settle();
    expect(states(test)).toEqual(['cleared']);
    expect(test.model.sessions.size).toBe(2);
    expect(count(test, 'closeBatch')).toBe(1);
  });
});

it('holds the seller where the login is refused, without packing in vain', async () => {
  const test = await claimed({ login: [before(refusedLogin(450))] });
  expect(await sendSession(test.world, FIRST)).toEqual({ kind: 'done' });
  expect(test.state.sessions.get(FIRST)?.state).toBe('abandoned');
  expect(states(test)).toEqual(['held']);
  expect(test.events.map(({ type }) => type)).not.toContain('session.packaged');
});

it('throws the package away whatever happens', async () => {
  const test = await claimed({ openBatch: [before(answered('openBatch', 503))] });
  const { world } = test;
  let disposed = 0;
  const build: typeof world.packager.build = async (input) => {
    const built = await world.packager.build(input);
    return {
      ...built,
      dispose: async () => {
        disposed += 1;
      },
    };
  };
  const watched = { ...world, packager: { ...world.packager, build } };
  await sendSession(watched, FIRST);
  test.pass(60_000);
  await sendSession(watched, FIRST);
  expect(disposed).toBe(2);
});
