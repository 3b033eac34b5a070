import type { SessionStatus, UpoEntry } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { followSession } from '../src/index.ts';
import { answered, before } from './support/faults.ts';
import { calls, closed, FIRST, follow, NO_UPO, numbered, session, states } from './support/followed.ts';
import { ksefNumberOf } from './support/ksef-state.ts';
import { NIP, sha256 } from './support/state.ts';
import type { TestWorld } from './support/world.ts';

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
