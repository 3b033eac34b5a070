/** Sessions that KSeF fails as a whole because of some invoice in them: the guilty end alone, the innocent are cleared. */
import { describe, expect, it } from 'vitest';
import { consentToAttachments } from './support/elsewhere.ts';
import { type Guilt, withGuilty } from './support/guilty.ts';
import { newSeller } from './support/sellers.ts';
import { accepted, invoicesIn, outcome } from './support/virtual-seller.ts';
import { type StagedPath, virtualStage } from './support/virtual-stage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPEN = 'POST /sessions/batch';
const OPEN_ONLINE = 'POST /sessions/online';

const newPath = virtualStage();

async function pathWith(guilt: Guilt): Promise<StagedPath> {
  return await newPath([], { over: withGuilty(guilt) });
}

function opened({ calls }: StagedPath): number {
  return calls(OPEN) + calls(OPEN_ONLINE);
}

const only = (...numbers: string[]): ReadonlySet<string> => new Set(numbers);

describe('of invoices whose session KSeF fails', () => {
  it('one guilty among 60 is held with the words of KSeF, and 59 are cleared', async () => {
    const path = await pathWith({ numbers: only('F/37'), batch: 'batch-430' });
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
    const path = await pathWith({ numbers: only('F/2', 'F/59'), batch: 'batch-500' });
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
    const path = await pathWith({ numbers: 'all', batch: 'batch-405' });
    const sent = await accepted(path, 12);
    await path.rest(DAY_MS);
    const { cleared, others } = await outcome(path, sent);
    expect(cleared).toBe(0);
    expect(others.map(([, state]) => state)).toEqual(Array(12).fill('held'));
    expect(opened(path)).toBeLessThanOrEqual(2 + 2 * 12);
  });

  it('a few go interactively, where the guilty one gets a verdict of its own', async () => {
    const path = await newPath();
    await path.emulator.control.faults.enable('guilty-430', { invoiceNumbers: ['F/37'] });
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 59, others: [['F/37', 'rejected', null]] });
    expect([OPEN, OPEN_ONLINE].map(path.calls)).toEqual([2 + 2 * 3, 2]);
  });

  it('those with attachments go as a batch down to one', async () => {
    const path = await newPath();
    await path.emulator.control.faults.enable('guilty-430', { invoiceNumbers: ['F/3'] });
    const nip = newSeller();
    await consentToAttachments(path, nip);
    const sent = await accepted(path, 12, { nip, attachment: true });
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 11, others: [['F/3', 'held', 'session_failed']] });
    expect(path.calls(OPEN_ONLINE)).toBe(0);
  });

  it('all are cleared at the second try where only the first session fails', async () => {
    const path = await newPath();
    await path.emulator.control.faults.enable('batch-500');
    const sent = await accepted(path, 60);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 60, others: [] });
    expect(opened(path)).toBe(2);
  });

  it('what comes meanwhile goes by itself', async () => {
    const path = await pathWith({ numbers: only('F/5'), batch: 'batch-430' });
    const sent = await accepted(path, 12);
    await path.rest(1_000);
    const { ids } = await accepted(path, 8, { nip: sent.nip, prefix: 'LATER' });
    await path.rest(2_000);
    expect((await invoicesIn(path, ids)).map(({ state }) => state)).toEqual(Array(8).fill('cleared'));
    await path.rest(DAY_MS);
    const all = { nip: sent.nip, ids: [...sent.ids, ...ids] };
    expect(await outcome(path, all)).toEqual({ cleared: 19, others: [['F/5', 'held', 'session_failed']] });
  });
});

describe('while KSeF fails the sessions of everybody', () => {
  it('for three hours, nothing is held and few sessions are spent; then all are cleared', async () => {
    const path = await pathWith({
      numbers: 'all',
      batch: 'batch-500',
      lastsMs: 3 * HOUR_MS,
    });
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
