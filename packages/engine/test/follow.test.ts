import { LOOKS_TO_SPARE, type SessionStatus, type UpoEntry } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { dispatchLane, followSession, sendSession } from '../src/index.ts';
import { nextPollDelayMs } from '../src/poll-schedule.ts';
import { answered, before, inTurn, type Operation, refusedLogin, type Strike } from './support/faults.ts';
import { ksefNumberOf } from './support/ksef-state.ts';
import { putCredential } from './support/login-ledger.ts';
import { LANE, NIP, sha256 } from './support/state.ts';
import { type TestWorld, testWorld } from './support/world.ts';

const FIRST = 'session-1';
const NO_UPO = { upoPages: [] };

interface Options {
  readonly texts?: readonly string[];
  readonly strikes?: Partial<Record<Operation, (Strike | null)[]>>;
  readonly disguise?: (status: SessionStatus) => SessionStatus;
  readonly failure?: number;
}

/** A batch session that KSeF has judged at the next look. */
async function closed({
  texts = numbered(6),
  strikes = {},
  disguise,
  failure,
}: Options = {}): Promise<TestWorld> {
  const test = testWorld({
    strike: inTurn(strikes),
    failure: () => failure ?? null,
    ...(disguise === undefined ? {} : { disguise }),
  });
  test.accept(...texts);
  await dispatchLane(test.world, LANE);
  await sendSession(test.world, FIRST);
  test.queue.clear();
  test.pass(1_000);
  await followSession(test.world, FIRST);
  test.pass(1_000);
  return test;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `FV/${index + 1}`);
}

const follow = (test: TestWorld) => followSession(test.world, FIRST);

/** How long each of so many looks is put off, one after the other. */
async function delaysOf(test: TestWorld, looks: number): Promise<number[]> {
  const delays: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    const outcome = await follow(test);
    if (outcome.kind !== 'snooze') break;
    delays.push(outcome.until.getTime() - test.world.clock().getTime());
    test.pass(delays.at(-1) ?? 0);
  }
  return delays;
}

const session = (test: TestWorld) => test.state.sessions.get(FIRST);
const states = (test: TestWorld) => [...test.state.invoices.values()].map((invoice) => invoice.state);
const calls = (test: TestWorld, operation: Operation) =>
  test.model.calls.filter((call) => call === operation).length;

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

describe('a judged session', () => {
  it('is settled from its UPO without reading a list', async () => {
    const test = await closed();
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    expect(session(test)).toMatchObject({ state: 'settled', receipts: [{ page: 1, reference: 'upo' }] });
    expect([...test.state.invoices.values()].every(({ receiptPage }) => receiptPage === 1)).toBe(true);
    expect(calls(test, 'sessionInvoices')).toBe(0);
    expect(test.events.at(-1)).toMatchObject({ type: 'session.settled', cleared: 6, rejected: 0 });
  });

  it('is settled from its UPO and the failed list, each invoice by its own verdict', async () => {
    const test = await closed({
      texts: ['FV/1', 'FV/2 450', 'FV/3 430', 'FV/4 410', 'FV/5 415', 'FV/6 550', 'FV/7 500'],
    });
    await follow(test);
    expect(states(test)).toEqual(['cleared', 'rejected', 'rejected', 'held', 'held', 'accepted', 'accepted']);
    expect(test.state.invoices.get('invoice-FV/4 410')?.holdCause).toBe('permission_missing');
    expect(test.state.invoices.get('invoice-FV/5 415')?.holdCause).toBe('attachment_consent');
    expect(calls(test, 'sessionInvoices')).toBe(1);
  });

  it.each([
    ['more successes than in the UPO', { successfulInvoiceCount: 7 }],
    ['fewer invoices than were sent', { failedInvoiceCount: 1 }],
    ['no counts', { failedInvoiceCount: null }],
  ])('is settled from the full list where KSeF tells of %s', async (_, told) => {
    const test = await closed({ disguise: (status) => ({ ...status, ...told }) });
    await follow(test);
    expect(calls(test, 'sessionInvoices')).toBe(1);
    expect(states(test)).toEqual(Array(6).fill('cleared'));
  });

  it('is settled from the full list where the UPO has a number whose check digits are wrong', async () => {
    const test = await closed();
    await followSession(withFirstEntry(test, { ksefNumber: `${NIP}-20261122-000000000001-00` }), FIRST);
    expect(calls(test, 'sessionInvoices')).toBe(1);
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    const numbers = [...test.state.invoices.values()].map(({ ksefNumber }) => ksefNumber);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6].map(ksefNumberOf));
  });

  it('(445) is settled from the list: nothing of it goes again', async () => {
    const test = await closed({
      texts: numbered(6).map((text) => `${text} 450`),
      disguise: (status) => (status.code === 200 ? { ...status, code: 445 } : status),
    });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('rejected'));
    expect(session(test)?.state).toBe('settled');
  });

  it('in which KSeF does not know an invoice lets that one go again', async () => {
    const test = await closed();
    const [lost] = test.model.sessions.values();
    lost?.invoices.splice(2, 1);
    await follow(test);
    expect(states(test)).toEqual(['cleared', 'cleared', 'accepted', 'cleared', 'cleared', 'cleared']);
  });

  it('waits for an invoice that is still being worked on, then asks a person about it', async () => {
    const test = await closed({ texts: [...numbered(5), 'FV/6 150'] });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
    test.pass(600_000);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual([...Array(5).fill('cleared'), 'held']);
  });
});

/** The UPO's first entry tells something else. */
function withFirstEntry({ world }: TestWorld, entry: Partial<UpoEntry>): TestWorld['world'] {
  const downloadUpo: typeof world.ksef.downloadUpo = async (url) => {
    const upo = await world.ksef.downloadUpo(url);
    const entries = upo.entries.map((each, index) => (index === 0 ? { ...each, ...entry } : each));
    return { ...upo, entries };
  };
  return { ...world, ksef: { ...world.ksef, downloadUpo } };
}

describe('a UPO that is late', () => {
  const late = (looks: number) => (status: SessionStatus) => {
    if (status.code !== 200) return status;
    looks -= 1;
    return looks >= 0 ? { ...status, ...NO_UPO } : status;
  };

  it('is waited for half a minute', async () => {
    const test = await closed({ disguise: late(2) });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    test.pass(10_000);
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(calls(test, 'sessionInvoices')).toBe(0);
    expect(session(test)?.receipts).toHaveLength(1);
  });

  it('is then done without, and fetched when it comes', async () => {
    const test = await closed({ disguise: late(3) });
    await follow(test);
    test.pass(30_000);
    expect(await follow(test)).toMatchObject({ kind: 'snooze', why: 'its UPO is still to come' });
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    expect(session(test)).toMatchObject({ state: 'settled', receiptsDue: true, receipts: [] });
    test.pass(60_000);
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    test.pass(60_000);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(session(test)).toMatchObject({ receiptsDue: false, receipts: [{ page: 1 }] });
  });

  it('is looked for ever more seldom where it does not come, down to once an hour, and is fetched when it does', async () => {
    const test = await closed({ disguise: late(200) });
    const pauses: number[] = [];
    for (let outcome = await follow(test); outcome.kind === 'snooze'; outcome = await follow(test)) {
      const pauseMs = outcome.until.getTime() - test.world.clock().getTime();
      if (session(test)?.receiptsDue) pauses.push(pauseMs);
      test.pass(pauseMs);
    }
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect([pauses[0], pauses.at(-1)]).toEqual([60_000, 3_600_000]);
    expect(pauses.filter((pauseMs) => pauseMs < 3_600_000).length).toBeLessThan(60);
    expect(session(test)).toMatchObject({ receiptsDue: false, receipts: [{ page: 1 }] });
  });

  it('is fetched also where KSeF does not count what it registered', async () => {
    const uncounted = (status: SessionStatus) => ({ ...status, successfulInvoiceCount: null });
    const test = await closed({ disguise: uncounted });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    expect(session(test)).toMatchObject({ receiptsDue: false, receipts: [{ page: 1 }] });
  });

  it('is not waited for where nothing is counted and nothing was registered', async () => {
    const texts = numbered(6).map((text) => `${text} 450`);
    const uncounted = (status: SessionStatus) => ({ ...status, successfulInvoiceCount: null, ...NO_UPO });
    const test = await closed({ texts, disguise: uncounted });
    await follow(test);
    test.pass(30_000);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('rejected'));
    expect(session(test)).toMatchObject({ receiptsDue: false });
  });

  it("or that tells of somebody else's invoice is the same, and is not kept", async () => {
    const test = await closed();
    const world = withFirstEntry(test, { sha256: sha256(Buffer.from('of somebody else')) });
    await followSession(world, FIRST);
    expect(states(test)).toEqual(Array(6).fill('processing'));
    test.pass(30_000);
    await followSession(world, FIRST);
    expect(states(test)).toEqual(Array(6).fill('cleared'));
    expect(session(test)).toMatchObject({ receiptsDue: true, receipts: [] });
    await follow(test);
    expect(session(test)).toMatchObject({ receiptsDue: false, receipts: [{ page: 1 }] });
  });

  it('or whose link answers something else is the same', async () => {
    const test = await closed({ strikes: { downloadUpo: [before(answered('downloadUpo', 503))] } });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(Array(6).fill('cleared'));
  });
});

describe('a session that failed as a whole', () => {
  it('lets its invoices go again, three times in all', async () => {
    const test = await closed({ failure: 405 });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(session(test)?.state).toBe('failed');
    expect(states(test)).toEqual(Array(6).fill('accepted'));
    await test.settle();
    expect(states(test)).toEqual(Array(6).fill('held'));
    expect(test.model.sessions.size).toBe(3);
  });

  it('is settled first with what KSeF judged all the same', async () => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    const judged = (index: number, code: number, ksefNumber: string | null) => ({
      ordinal: index,
      sha256: sha256(Buffer.from(`FV/${index}`)),
      fileName: null,
      reference: `judged-${index}`,
      ksefNumber,
      invoicingMode: 'Online',
      acquiredAt: null,
      verdict: { code, description: '', details: [] },
    });
    failed?.invoices.push(judged(1, 200, ksefNumberOf(1)), judged(2, 450, null), judged(3, 405, null));
    await follow(test);
    expect(states(test)).toEqual(['cleared', 'rejected', 'accepted', 'accepted', 'accepted', 'accepted']);
  });

  it.each([
    ['what KSeF is still working on', 150],
    ['what KSeF has taken, without a number yet', 200],
  ])('waits for %s in it, and holds it at last: it never goes again by itself', async (_, code) => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    failed?.invoices.push({
      ordinal: 1,
      sha256: sha256(Buffer.from('FV/1')),
      fileName: null,
      reference: 'taken',
      ksefNumber: null,
      invoicingMode: null,
      acquiredAt: null,
      verdict: { code, description: '', details: [] },
    });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
    test.pass(600_000);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(['held', ...Array(5).fill('accepted')]);
  });

  it('lets go together what its list only tells was not worked on', async () => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    for (const [index, text] of numbered(6).entries()) {
      failed?.invoices.push({
        ordinal: index + 1,
        sha256: sha256(Buffer.from(text)),
        fileName: null,
        reference: text,
        ksefNumber: null,
        invoicingMode: null,
        acquiredAt: null,
        verdict: { code: 405, description: '', details: [] },
      });
    }
    await follow(test);
    expect(session(test)?.state).toBe('failed');
    expect(states(test)).toEqual(Array(6).fill('accepted'));
  });
});
