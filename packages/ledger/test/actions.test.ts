import type { HoldCause } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, ksefNumber, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, followed, type SessionWalk, statesOf } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const DUPLICATE = { code: 440, description: 'Duplikat', details: [], originalKsefNumber: ksefNumber(440) };

async function heldBy(cause: HoldCause): Promise<SessionWalk & { id: string }> {
  const walk = await followed(test.ledger, newNip(), numbered(1));
  const sha256 = walk.command.invoices[0]?.sha256 ?? '';
  await test.ledger.settleSession(
    walk.sessionId,
    [{ sha256, reference: null, outcome: { state: 'held', cause, verdict: DUPLICATE } }],
    [],
    after(900),
  );
  return { ...walk, id: walk.ids[0] ?? '' };
}

function by(invoiceId: string, sellers: 'all' | string[] = 'all') {
  return { invoiceId, actor: 'anna', now: after(5000), sellers };
}

async function timelineOf(id: string): Promise<string[]> {
  const record = await test.ledger.invoice(id, 'all');
  if (record === null) throw new Error('no record');
  return (await test.ledger.timeline(record)).map(({ type, actor }) => `${type} ${actor}`);
}

describe('a person acts on a held invoice', () => {
  it('retry puts it back in line, its attempts forgotten', async () => {
    const walk = await heldBy('attachment_consent');
    expect(await test.ledger.retryHeld(by(walk.id))).toEqual({ kind: 'done', lane: laneOf(walk.nip) });
    expect(await test.ledger.invoice(walk.id, 'all')).toMatchObject({
      state: 'accepted',
      holdCause: null,
      attempts: 0,
      dueAt: after(5000),
      sessionId: null,
    });
    expect(await timelineOf(walk.id)).toEqual(
      expect.arrayContaining(['invoice.held wsad', 'invoice.retried anna']),
    );
    const next = await claimed(walk);
    expect(next.sessionId).not.toBe(walk.sessionId);
  });

  it('retry waits for no pause after its attempts, and for the day that it is dated', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(1));
    const [{ sha256 = '' } = {}] = walk.command.invoices;
    const again = { sha256, reference: null, outcome: { state: 'again', verdict: DUPLICATE } } as const;
    await test.ledger.settleSession(walk.sessionId, [again], [], after(900));
    await test.pool.query(`UPDATE invoices SET not_before = $2 WHERE nip = $1`, [walk.nip, after(720_000)]);
    const ahead = await accepted(test.ledger, newNip(), [{ number: '1', issueDate: '2026-10-21' }]);
    const [id = '', aheadId = ''] = [...walk.ids, ...ahead.ids];
    const day = (await test.ledger.invoice(aheadId, 'all'))?.notBefore;
    for (const { nip } of [walk, ahead])
      await test.ledger.holdSeller(nip, 'attachment_consent', 'for the test', after(1_000));
    for (const each of [id, aheadId]) await test.ledger.retryHeld(by(each));
    expect(await test.ledger.invoice(id, 'all')).toMatchObject({ notBefore: after(5_000) });
    expect(await test.ledger.invoice(aheadId, 'all')).toMatchObject({ notBefore: day });
    expect(day?.getTime()).toBeGreaterThan(after(5_000).getTime());
    expect(await test.ledger.lanesDue(after(5_000), 1_000)).toContainEqual(laneOf(walk.nip));
  });

  it('retry opens the door to a login that was refused', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(1));
    await test.ledger.beginLogin(walk.nip, 'w', NOW, 1000);
    await test.ledger.failLogin(walk.nip, 'w', 'refused', '415', NOW);
    await test.ledger.holdSeller(walk.nip, 'login_refused', '415', NOW);
    expect(await test.ledger.retryHeld(by(walk.ids[0] ?? ''))).toMatchObject({ kind: 'done' });
    expect(await test.ledger.authentication(walk.nip)).toMatchObject({ state: 'none' });
    expect(await test.ledger.beginLogin(walk.nip, 'w', NOW, 1000)).toBe(true);
  });

  it('withdraw takes it out for good, and its number is free again', async () => {
    const walk = await heldBy('session_failed');
    expect(await test.ledger.withdrawHeld(by(walk.id))).toEqual({ kind: 'done' });
    expect(await statesOf(walk)).toEqual(['withdrawn']);
    expect(await test.ledger.withdrawHeld(by(walk.id))).toEqual({ kind: 'notHeld', state: 'withdrawn' });
    const [again] = await test.ledger.accept({ ...walk.command, submissionId: test.ledger.newId(NOW) });
    expect(again?.kind).toBe('accepted');
    expect(await timelineOf(walk.id)).toContain('invoice.withdrawnBy anna');
  });

  it('resolve gives a doubtful duplicate its number, or rejects it', async () => {
    const one = await heldBy('duplicate_unknown');
    expect(await test.ledger.resolveHeld(by(one.id), { ksefNumber: ksefNumber(440) })).toEqual({
      kind: 'done',
    });
    expect(await test.ledger.invoice(one.id, 'all')).toMatchObject({
      state: 'cleared',
      ksefNumber: ksefNumber(440),
      settledAt: after(5000),
    });
    expect(await test.ledger.upo(one.id, 'all', 'session')).toEqual({ kind: 'none', state: 'cleared' });
    const two = await heldBy('duplicate_unknown');
    expect(await test.ledger.resolveHeld(by(two.id), { rejected: true })).toEqual({ kind: 'done' });
    expect(await test.ledger.invoice(two.id, 'all')).toMatchObject({
      state: 'rejected',
      verdict: { code: 440 },
    });
    expect(await timelineOf(two.id)).toContain('invoice.resolved anna');
  });

  it('resolve refuses what it is not for', async () => {
    const other = await heldBy('permission_missing');
    expect(await test.ledger.resolveHeld(by(other.id), { rejected: true })).toEqual({
      kind: 'notADuplicate',
      cause: 'permission_missing',
    });
    const one = await heldBy('duplicate_unknown');
    const number = ksefNumber(441);
    const wrong = `${number.slice(0, -2)}${number.endsWith('00') ? '01' : '00'}`;
    expect(await test.ledger.resolveHeld(by(one.id), { ksefNumber: wrong })).toEqual({
      kind: 'invalidNumber',
    });
    expect(await test.ledger.resolveHeld(by(one.id), { ksefNumber: number })).toEqual({ kind: 'done' });
    const two = await heldBy('duplicate_unknown');
    expect(await test.ledger.resolveHeld(by(two.id), { ksefNumber: number })).toEqual({
      kind: 'numberTaken',
    });
    expect(await statesOf(two)).toEqual(['held']);
  });

  it('only on invoices that are held, and theirs', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(1));
    const [id = ''] = walk.ids;
    expect(await test.ledger.retryHeld(by(id))).toEqual({ kind: 'notHeld', state: 'accepted' });
    expect(await test.ledger.resolveHeld(by(id), { rejected: true })).toMatchObject({ kind: 'notHeld' });
    const held = await heldBy('session_failed');
    expect(await test.ledger.retryHeld(by(held.id, [walk.nip]))).toEqual({ kind: 'notFound' });
    expect(await test.ledger.withdrawHeld(by(held.id, []))).toEqual({ kind: 'notFound' });
    expect(await test.ledger.retryHeld(by('nonsense'))).toEqual({ kind: 'notFound' });
    expect(await test.ledger.retryHeld(by(held.id, [held.nip]))).toMatchObject({ kind: 'done' });
  });

  it('once, whoever else acts at the same moment', async () => {
    const { id } = await heldBy('session_failed');
    const results = await Promise.all([test.ledger.retryHeld(by(id)), test.ledger.withdrawHeld(by(id))]);
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  });
});
