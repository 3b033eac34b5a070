/** Sessions that KSeF fails as a whole because of some invoice in them: the guilty end alone, the innocent are cleared. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { consentToAttachments } from './support/elsewhere.ts';
import { type Guilt, withGuilty } from './support/guilty.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPEN = 'POST /sessions/batch';
const OPEN_ONLINE = 'POST /sessions/online';

async function pathWith(guilt: Guilt | null): Promise<VirtualPath> {
  const path = await startVirtualPath(guilt === null ? {} : { over: withGuilty(guilt) });
  onTestFinished(() => path.close());
  return path;
}

async function accepted(path: VirtualPath, count: number, { nip = newSeller(), attachment = false } = {}) {
  await path.putToken(nip, `token of ${nip}`);
  const files = invoicesOf(nip, count, 'F', { attachment }).map(({ xml }) => xml);
  const results = await path.submit(nip, files);
  return { nip, ids: results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : [])) };
}

async function invoicesIn({ ledger }: VirtualPath, ids: readonly string[]) {
  const found = await Promise.all(ids.map((id) => ledger.invoice(id, 'all')));
  return found.filter((invoice) => invoice !== null);
}

/** Numbers by state; and KSeF holds exactly the cleared ones, each once, under the number that wsad tells. */
async function outcome(path: VirtualPath, { nip, ids }: { nip: string; ids: readonly string[] }) {
  const invoices = await invoicesIn(path, ids);
  const cleared = invoices.filter(({ state }) => state === 'cleared');
  const registered = path.emulator.control.registry().filter((entry) => entry.nip === nip);
  const held = (each: readonly { sha256: string; ksefNumber: string | null }[]) =>
    each.map(({ sha256, ksefNumber }) => `${sha256} ${ksefNumber}`).sort();
  expect(held(registered)).toEqual(held(cleared));
  expect(path.emulator.control.stats().rateLimited).toBe(0);
  const others = invoices.filter(({ state }) => state !== 'cleared');
  return {
    cleared: cleared.length,
    others: others.map(({ invoiceNumber, state, holdCause }) => [invoiceNumber, state, holdCause]),
  };
}

function opened({ emulator }: VirtualPath): number {
  const calls = emulator.control.calls();
  return (calls[OPEN] ?? 0) + (calls[OPEN_ONLINE] ?? 0);
}

const only = (...numbers: string[]): ReadonlySet<string> => new Set(numbers);

describe('of invoices whose session KSeF fails', () => {
  it('one guilty among 60 is held with the words of KSeF, and 59 are cleared', async () => {
    const path = await pathWith({ numbers: only('F/37'), batch: 'batch-430', interactive: 'fails' });
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({
      cleared: 59,
      others: [['F/37', 'held', 'session_failed']],
    });
    // 60 and 60 again, then two halves of each that fails, down to one alone.
    expect(opened(path)).toBe(2 + 2 * 6);
    const [held] = await invoicesIn(path, [sent.ids[36] ?? '']);
    expect(held?.verdict).toMatchObject({ code: 415 });
    const told = held === undefined ? [] : await path.ledger.timeline(held);
    const again = told.filter(({ type }) => type === 'invoice.again');
    expect(again.map(({ detail }) => detail.invoices)).toEqual([60, 30, 15, 8, 4, 2, 1]);
    const { items } = await path.ledger.sessionsPage({ nip: sent.nip }, 'all', null, 100);
    const first = items.at(-1);
    expect(first?.trial).toBeNull();
    expect(new Set(items.slice(0, -1).map(({ trial }) => trial?.firstSessionId))).toEqual(
      new Set([first?.id]),
    );
  });

  it('two guilty among 60 are held, by a status that tells no reason', async () => {
    const path = await pathWith({ numbers: only('F/2', 'F/59'), batch: 'batch-500', interactive: 'fails' });
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({
      cleared: 58,
      others: [
        ['F/2', 'held', 'session_failed'],
        ['F/59', 'held', 'session_failed'],
      ],
    });
    expect(opened(path)).toBeLessThanOrEqual(2 + 2 * 2 * 6);
  });

  it('all are held where all are guilty', async () => {
    const path = await pathWith({ numbers: 'all', batch: 'batch-405', interactive: 'fails' });
    const sent = await accepted(path, 12);
    await path.rest(DAY_MS);
    const { cleared, others } = await outcome(path, sent);
    expect(cleared).toBe(0);
    expect(others.map(([, state]) => state)).toEqual(Array(12).fill('held'));
    expect(opened(path)).toBeLessThanOrEqual(2 + 2 * 12);
  });

  it('a few go interactively, where the guilty one gets a verdict of its own', async () => {
    const path = await pathWith({ numbers: only('F/37'), batch: 'batch-435', interactive: 'takes' });
    await path.emulator.control.faults.enable('invoice-430', { invoiceNumbers: ['F/37'] });
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 59, others: [['F/37', 'rejected', null]] });
    expect(path.emulator.control.calls()).toMatchObject({ [OPEN]: 2 + 2 * 3, [OPEN_ONLINE]: 2 });
  });

  it('those with attachments go as a batch down to one', async () => {
    const path = await pathWith({ numbers: only('F/3'), batch: 'batch-430', interactive: 'takes' });
    const nip = newSeller();
    await consentToAttachments(path, nip);
    const sent = await accepted(path, 12, { nip, attachment: true });
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 11, others: [['F/3', 'held', 'session_failed']] });
    expect(path.emulator.control.calls()[OPEN_ONLINE]).toBeUndefined();
  });

  it('all are cleared at the second try where only the first session fails', async () => {
    const path = await pathWith(null);
    await path.emulator.control.faults.enable('batch-500');
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 60, others: [] });
    expect(opened(path)).toBe(2);
  });

  it('what comes meanwhile goes by itself', async () => {
    const path = await pathWith({ numbers: only('F/5'), batch: 'batch-430', interactive: 'fails' });
    const sent = await accepted(path, 12);
    await path.rest(1_000);
    const files = invoicesOf(sent.nip, 8, 'LATER').map(({ xml }) => xml);
    const later = await path.submit(sent.nip, files);
    const ids = later.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    await path.rest(2_000);
    expect((await invoicesIn(path, ids)).map(({ state }) => state)).toEqual(Array(8).fill('cleared'));
    await path.rest(DAY_MS);
    const all = { nip: sent.nip, ids: [...sent.ids, ...ids] };
    expect(await outcome(path, all)).toEqual({ cleared: 19, others: [['F/5', 'held', 'session_failed']] });
  });
});

describe('while KSeF fails the sessions of everybody', () => {
  it('for three hours, nothing is held and few sessions are spent; then all are cleared', async () => {
    const until = new Date(Date.parse('2026-11-16T13:00:00Z'));
    const path = await pathWith({ numbers: 'all', batch: 'batch-500', interactive: 'fails', until });
    const sellers = [await accepted(path, 60), await accepted(path, 60)];
    await path.rest(2.5 * HOUR_MS);
    for (const { ids } of sellers) {
      const states = (await invoicesIn(path, ids)).map(({ state }) => state);
      expect(states.filter((state) => state === 'held' || state === 'cleared')).toEqual([]);
    }
    expect(opened(path)).toBeLessThanOrEqual(2 * (2 + 2 * 6));
    await path.rest(DAY_MS);
    for (const each of sellers) expect(await outcome(path, each)).toEqual({ cleared: 60, others: [] });
  });
});
