import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, followed, opened, putToken, UPO, VERDICT } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const MINUTE_MS = 60_000;
const seen = (nips: readonly string[] | null, now = after(901)) => test.ledger.overview(nips, now);

describe('the overview', () => {
  it('counts states, what is in line and what was done, alike for one seller and for all', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(5));
    const [, , , rejected, held] = walk.command.invoices.map(({ sha256 }) => sha256);
    const of = (sha256 = '') => ({ sha256, reference: null });
    await test.ledger.settleSession(
      walk.sessionId,
      [
        ...allCleared(walk, 100).slice(0, 3),
        { ...of(rejected), outcome: { state: 'rejected', verdict: VERDICT } },
        { ...of(held), outcome: { state: 'held', cause: 'duplicate_unknown', verdict: VERDICT } },
      ],
      UPO,
      after(900),
    );
    await test.ledger.accept(call([{ number: 'A/1' }, { number: 'A/2' }], { nip: walk.nip }));
    const other = await accepted(test.ledger, newNip(), numbered(4));
    const mine = await seen([walk.nip]);
    expect(mine.byState).toEqual({ accepted: 2, held: 1, cleared: 3, rejected: 1 });
    expect(mine.inLine).toEqual({ total: 2, oldestAt: NOW, sellers: 1 });
    const counts = { accepted: 7, cleared: 3, rejected: 1, held: 1 };
    expect(mine.today).toEqual(counts);
    expect(mine.perMinute).toHaveLength(60);
    expect(mine.perMinute.at(-1)).toEqual({ at: NOW, ...counts });
    expect(mine.perMinute.at(0)?.at).toEqual(after(-59 * MINUTE_MS));

    const all = await seen(null);
    expect(all.byState).toEqual({ accepted: 6, held: 1, cleared: 3, rejected: 1 });
    expect(all.inLine).toMatchObject({ total: 6, sellers: 2 });
    expect(all.today).toEqual({ ...counts, accepted: 11 });
    expect((await seen([walk.nip, other.nip])).byState).toEqual(all.byState);
  });

  it('counts what a person does with those held, and forgets the day before', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(3));
    const settlements = walk.command.invoices.map(({ sha256 }) => ({
      ...{ sha256, reference: null },
      outcome: { state: 'held', cause: 'duplicate_unknown', verdict: VERDICT } as const,
    }));
    await test.ledger.settleSession(walk.sessionId, settlements, UPO, after(900));
    const act = (index: number) => ({
      ...{ invoiceId: walk.ids[index] ?? '', actor: 'anna', sellers: 'all' as const },
      now: after(MINUTE_MS),
    });
    await test.ledger.resolveHeld(act(0), { rejected: true });
    await test.ledger.withdrawHeld(act(1));
    const { today, byState } = await seen([walk.nip], after(MINUTE_MS));
    expect(today).toEqual({ accepted: 3, cleared: 0, rejected: 1, held: 1 });
    expect(byState).toEqual({ held: 1, rejected: 1, withdrawn: 1 });
    const tomorrow = await seen([walk.nip], after(24 * 60 * MINUTE_MS));
    expect(tomorrow.today).toEqual({ accepted: 0, cleared: 0, rejected: 0, held: 0 });
  });

  it('has the same of each seller however the differences are folded, or counted anew by the migration', async () => {
    const tallies = async () => {
      const { rows } = await test.pool.query<{ nip: string }>(
        `SELECT nip, state, sum(amount)::int AS amount FROM seller_tallies GROUP BY nip, state ORDER BY nip, state`,
      );
      return rows;
    };
    const before = await tallies();
    expect(before.length).toBeGreaterThan(2);
    await Promise.all([test.ledger.tidy(NOW), test.ledger.tidy(NOW)]);
    await test.ledger.tidy(NOW);
    expect(await tallies()).toEqual(before);
    const { rows } = await test.pool.query('SELECT count(*)::int AS count FROM seller_tallies');
    expect(rows).toEqual([{ count: before.length }]);
    const migration = await readFile(
      new URL('../migrations/0038_seller_tallies.sql', import.meta.url),
      'utf8',
    );
    await test.pool.query(
      `DELETE FROM seller_tallies; ${migration.slice(migration.lastIndexOf('INSERT INTO'))}`,
    );
    expect(await tallies()).toEqual(before);
  });

  it('counts of a seller what a version before refused without an event', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    await unaudited(test.pool, `UPDATE invoices SET state = 'rejected', settled_at = $2 WHERE id = $1`, [
      walk.ids[0],
      NOW,
    ]);
    expect((await seen([walk.nip], NOW)).byState).toEqual({ processing: 1, rejected: 1 });
  });

  it('names sessions under way with their parts, and deadlines, the first of them first', async () => {
    const walk = await opened(await claimed(await accepted(test.ledger, newNip(), numbered(2))));
    await test.ledger.recordPartUploaded(walk.sessionId, walk.session.fence, 1, after(200));
    const { sessions, deadlines } = await seen([walk.nip]);
    expect(sessions).toEqual([
      {
        ...{ id: walk.sessionId, nip: walk.nip, kind: 'batch', state: 'opened' },
        ...{ reference: `ref-${walk.sessionId}`, invoices: 2, bytes: 1000, partsSent: 1, parts: 2 },
        openedAt: after(100),
      },
    ]);
    const late = await accepted(test.ledger, newNip(), [{ number: 'old', issueDate: '2026-10-01' }]);
    await test.ledger.accept(call([{ number: 'new' }], { nip: late.nip }));
    const due = (await seen([late.nip])).deadlines;
    expect(due.map(({ invoices }) => invoices)).toEqual([1, 1]);
    expect(due[0]?.dueAt.getTime()).toBeLessThan(due[1]?.dueAt.getTime() ?? 0);
    expect(deadlines).toEqual([]);
  });

  it('names the budgets that are fullest', async () => {
    const [busy, calm] = [newNip(), newNip()];
    for (const nip of [busy, calm]) await putToken(test.ledger, nip);
    await test.pool.query(
      `INSERT INTO call_slots (counter, taken_at, answered_at)
       SELECT counter, $1, $1 FROM unnest($2::text[], $3::int[]) AS of (counter, calls), generate_series(1, calls)`,
      [
        after(-1000),
        [`${busy}@default|invoiceSend`, `${calm}@default|invoiceSend`, 'default|invoiceSend'],
        [9, 2, 50],
      ],
    );
    const { budgets } = await seen(null, NOW);
    expect(budgets[0]).toMatchObject({ nip: busy, group: 'invoiceSend', used: 9 });
    expect(budgets.every(({ windowSeconds }) => windowSeconds > 1)).toBe(true);
    expect((await seen([calm], NOW)).budgets.map(({ used }) => used)).toEqual([2, 2]);
    expect(await test.ledger.sellerStatus(busy, NOW)).toMatchObject({
      limits: expect.arrayContaining([budgets[0]].map(({ nip: _, ...use } = { nip: '' } as never) => use)),
    });
  });

  it('names what is out of order, and whose it is', async () => {
    const { nip } = await accepted(test.ledger, newNip(), numbered(1));
    await test.ledger.pauseSeller(nip, 'anna', NOW);
    await test.ledger.pauseAll('anna', NOW);
    await test.ledger.askReconciliation({ nip, since: after(-1000), actor: 'anna', now: NOW });
    await test.pool.query(
      `UPDATE credentials SET certificate_kind = 'seal', certificate_subject = 's', certificate_serial = '1',
         valid_from = $2, valid_to = $3 WHERE nip = $1`,
      [nip, NOW, after(24 * 60 * MINUTE_MS)],
    );
    const kinds = async (nips: readonly string[] | null) =>
      (await seen(nips, NOW)).incidents.map((incident) => `${incident.kind} ${incident.nip}`).sort();
    const mine = [`allPaused null`, `certificateRunsOut ${nip}`, `reconciling ${nip}`, `sellerPaused ${nip}`];
    expect(await kinds([nip])).toEqual(mine);
    expect(await kinds(null)).toEqual(mine);
    expect(await kinds([newNip()])).toEqual(['allPaused null']);
    await test.ledger.resumeAll('anna', NOW);
  });

  it('names a webhook that has failed for an hour or was disabled, to those who may see it', async () => {
    const nip = newNip();
    const made = { events: 'all', sellers: [nip], description: null } as const;
    const [failing, gone, paused] = await Promise.all(
      ['failing', 'gone', 'paused'].map((host) =>
        test.ledger.createWebhook({ ...made, url: `https://${host}.example/?token=1` }, 'anna', NOW),
      ),
    );
    await test.pool.query(`UPDATE webhooks SET failing_since = $1`, [NOW]);
    await test.pool.query(`UPDATE webhooks SET disabled_at = $2, disabled_why = 'gone' WHERE id = $1`, [
      gone?.id,
      NOW,
    ]);
    const action = { id: paused?.id ?? '', actor: 'anna', sellers: 'all', now: NOW } as const;
    await test.ledger.changeWebhook(action, { active: false });
    const told = async (nips: readonly string[] | null, now: Date) =>
      (await seen(nips, now)).incidents.filter(({ kind }) => kind.startsWith('webhook'));
    expect((await told([nip], after(59 * MINUTE_MS))).map(({ kind }) => kind)).toEqual(['webhookDisabled']);
    const both = await told(null, after(60 * MINUTE_MS));
    expect(both.map(({ kind, since }) => [kind, since]).sort()).toEqual([
      ['webhookDisabled', NOW],
      ['webhookFailing', NOW],
    ]);
    expect(both.find(({ kind }) => kind === 'webhookFailing')?.detail).toContain('failing.example');
    expect(await told([newNip()], after(60 * MINUTE_MS))).toEqual([]);
    for (const one of [failing, gone, paused])
      await test.ledger.deleteWebhook({ ...action, id: one?.id ?? '' });
  });
});
