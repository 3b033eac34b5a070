import type { HoldCause, InvoiceSettlement } from '@wsad/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../src/db.ts';
import { recordEvent } from '../src/events.ts';
import { after, call, ksefNumber, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { guardOrder } from './support/told-last.ts';
import {
  accepted,
  allCleared,
  claimed,
  followed,
  putToken,
  type SessionWalk,
  VERDICT,
} from './support/walk.ts';
import { as, webhooksOf } from './support/webhooks.ts';

const HOUR_MS = 3_600_000;

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
});
afterEach(() => test.close());

const { hook, gathered, told, rowsIn } = webhooksOf(() => test);

async function eventsTold(id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { event, items } of await told(id)) counts[event] = (counts[event] ?? 0) + items;
  return counts;
}

function judged(walk: SessionWalk, cause: HoldCause = 'duplicate_unknown'): InvoiceSettlement[] {
  const [first, second, third] = walk.command.invoices.map(({ sha256 }) => ({ sha256, reference: null }));
  const cleared = allCleared(walk).slice(3);
  const outcomes: InvoiceSettlement[] = [];
  if (first !== undefined) outcomes.push({ ...first, outcome: { state: 'rejected', verdict: VERDICT } });
  if (second !== undefined) outcomes.push({ ...second, outcome: { state: 'held', cause, verdict: VERDICT } });
  if (third !== undefined) outcomes.push({ ...third, outcome: { state: 'again', verdict: VERDICT } });
  return [...outcomes, ...cleared];
}

describe('what is told', () => {
  beforeEach(() => guardOrder(test.pool));

  it('is nothing, and nothing is written, while nobody wants to know', async () => {
    const walk = await followed(test.ledger, newNip());
    await test.ledger.settleSession(walk.sessionId, judged(walk), [], after(900));
    expect(await rowsIn('webhook_outbox')).toBe(0);
    const disabled = await hook();
    await test.ledger.changeWebhook(as(disabled), { active: false });
    await test.ledger.accept(call(numbered(2), { nip: newNip() }));
    expect([await rowsIn('webhook_outbox'), await rowsIn('webhook_deliveries')]).toEqual([0, 0]);
  });

  it('is every verdict of a session, once, in one delivery for each event', async () => {
    const id = await hook();
    const walk = await followed(test.ledger, newNip());
    await test.ledger.settleSession(walk.sessionId, judged(walk), [], after(900));
    await test.ledger.settleSession(walk.sessionId, judged(walk), [], after(900));
    const deliveries = await told(id);
    const items = Object.fromEntries(deliveries.map(({ event, parsed }) => [event, parsed.data.items]));
    const at = after(900).toISOString();
    const [rejected = '', held = ''] = walk.ids;
    const common = { nip: walk.nip, externalId: null, submissionId: walk.command.submissionId, at };
    const error = { code: 450, description: 'Błąd semantyki' };
    expect(items['invoice.rejected']).toEqual([{ ...common, id: rejected, invoiceNumber: 'FV/1', error }]);
    expect(items['invoice.held']).toEqual([
      { ...common, id: held, invoiceNumber: 'FV/2', holdCause: 'duplicate_unknown', error },
    ]);
    expect(items['invoice.cleared']).toEqual(
      walk.ids.slice(3).map((one, index) => ({
        ...{ ...common, id: one, invoiceNumber: `FV/${index + 4}` },
        ...{ ksefNumber: ksefNumber(index + 3, walk.nip), acquiredAt: after(500).toISOString() },
      })),
    );
    expect(items['submission.done']).toBeUndefined();
    expect(deliveries).toHaveLength(3);
    expect(await told(id)).toEqual([]);
  });

  it('is read off when the event is written, so no step writes a verdict after it', async () => {
    const walk = await followed(test.ledger, newNip());
    const wrongWayRound = inTransaction(test.pool, async (tx) => {
      await recordEvent(tx, {
        at: NOW,
        type: 'session.verdicts',
        nip: walk.nip,
        sessionId: walk.sessionId,
        detail: {},
      });
      await tx.query(
        `UPDATE invoices SET state = 'held', hold_cause = 'session_failed', held_at = $2 WHERE id = $1`,
        [walk.ids[0], NOW],
      );
    });
    await expect(wrongWayRound).rejects.toThrow('session.verdicts was written before the invoice was held');
    await test.ledger.settleSession(walk.sessionId, judged(walk), [], after(900));
  });

  it('is a verdict that comes later, and in the same instant, by itself', async () => {
    const id = await hook(['invoice.cleared']);
    const walk = await followed(test.ledger, newNip());
    const all = allCleared(walk);
    for (const count of [2, 5, 6]) {
      await test.ledger.settleSession(walk.sessionId, all.slice(0, count), [], after(900));
      await gathered(after(1_000 + count));
    }
    const items = (await told(id)).map(({ parsed }) => parsed.data.items.map((item) => item.id));
    expect(items).toEqual([walk.ids.slice(0, 2), walk.ids.slice(2, 5), walk.ids.slice(5)]);
  });

  it('is what is held at once, by a seller that has no credentials, and the submission that ends so', async () => {
    const id = await hook();
    const nip = newNip();
    await test.ledger.accept(call(numbered(3), { nip }));
    const deliveries = await told(id);
    expect(deliveries.map(({ event, items }) => [event, items])).toEqual([
      ['invoice.held', 3],
      ['submission.done', 1],
    ]);
    expect(deliveries[0]?.parsed.data.items[0]).toMatchObject({ holdCause: 'no_credentials', error: null });
    await putToken(test.ledger, nip);
    expect(await told(id)).toEqual([]);
  });

  it('is a submission when nothing is under way any more, and again when it has come to something else', async () => {
    const id = await hook(['submission.done']);
    const walk = await followed(test.ledger, newNip(), numbered(4));
    const [first, ...rest] = allCleared(walk);
    const outcome = { state: 'held', cause: 'duplicate_unknown', verdict: VERDICT } as const;
    const held = { sha256: first?.sha256 ?? '', reference: null, outcome };
    await test.ledger.settleSession(walk.sessionId, rest.slice(0, 1), [], after(900));
    expect(await told(id)).toEqual([]);
    await test.ledger.settleSession(walk.sessionId, [held, ...rest], [], after(950));
    const [once] = await told(id);
    const done = { nip: walk.nip, id: walk.command.submissionId, total: 4, refused: 0 };
    expect(once?.parsed.data.items).toEqual([
      { ...done, createdAt: NOW.toISOString(), byState: { cleared: 3, held: 1 } },
    ]);
    const [invoiceId = ''] = walk.ids;
    await test.ledger.resolveHeld(
      { invoiceId, actor: 'anna', sellers: 'all', now: after(1_000) },
      { ksefNumber: ksefNumber(77, walk.nip) },
    );
    const again = await told(id);
    expect(again.map(({ parsed }) => parsed.data.items[0]?.byState)).toEqual([{ cleared: 4 }]);
  });

  it('is a submission that brought only what was here already', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk), [], after(900));
    const id = await hook(['submission.done']);
    const repeated = call(numbered(2), { nip: walk.nip, now: after(1_000) });
    await test.ledger.accept(repeated);
    const items = (await told(id)).flatMap(({ parsed }) => parsed.data.items);
    expect(items).toMatchObject([{ id: repeated.submissionId, byState: { cleared: 2 } }]);
  });

  it('is what a person did, what was refused at hand-over and what KSeF was found to have', async () => {
    const id = await hook();
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(1)), { kind: 'interactive' });
    await test.ledger.recordInvoiceRefused(
      walk.sessionId,
      walk.session.fence,
      1,
      { outcome: 'rejected', verdict: VERDICT },
      after(200),
    );
    const found = await accepted(test.ledger, newNip(), numbered(1));
    await reconciled(found.nip, found.command.invoices[0]?.sha256 ?? '');
    expect(await eventsTold(id)).toEqual({
      'invoice.rejected': 1,
      'invoice.cleared': 1,
      'submission.done': 2,
    });
  });

  it('is a login that began to work, was refused or blocked, and a deadline that came near', async () => {
    const id = await hook();
    const { nip } = await accepted(test.ledger, newNip(), numbered(2));
    await test.ledger.beginLogin(nip, 'worker', NOW, 1_000);
    await test.ledger.failLogin(nip, 'worker', 'refused', 'KSeF says no', after(100));
    await test.ledger.warnOfDeadlines(after(100 * HOUR_MS));
    const items = (await told(id)).map(({ event, parsed }) => [event, parsed.data.items]);
    expect(Object.fromEntries(items)).toMatchObject({
      'seller.authentication.changed': [{ nip, state: 'refused', error: 'KSeF says no', method: null }],
      'deadline.near': [{ nip, threshold: 'passed', invoices: 2 }],
    });
  });

  it('is for each webhook what it wants, of its sellers', async () => {
    const [one, other] = [newNip(), newNip()];
    const ofOne = await hook('all', [one]);
    const ofHeld = await hook(['invoice.held']);
    await test.ledger.accept(call(numbered(2), { nip: one }));
    await test.ledger.accept(call(numbered(3), { nip: other }));
    expect(await eventsTold(ofOne)).toEqual({ 'invoice.held': 2, 'submission.done': 1 });
    expect(await eventsTold(ofHeld)).toEqual({ 'invoice.held': 5 });
  });
});

describe('ten thousand cleared invoices', () => {
  it('are ten deliveries of a thousand', async () => {
    const id = await hook(['invoice.cleared', 'submission.done']);
    const walk = await followed(test.ledger, newNip(), numbered(10_000));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk), [], after(900));
    const deliveries = await told(id);
    expect(deliveries.map(({ event, items }) => [event, items])).toEqual([
      ...Array.from({ length: 10 }, () => ['invoice.cleared', 1_000]),
      ['submission.done', 1],
    ]);
    expect(Math.max(...deliveries.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(512_000);
    const ids = deliveries.flatMap(({ event, parsed }) =>
      event === 'invoice.cleared' ? parsed.data.items.map((item) => item.id) : [],
    );
    expect(ids).toEqual(walk.ids);
  }, 120_000);
});

/** KSeF has it in a session of which this ledger knew nothing. */
async function reconciled(nip: string, sha256: string): Promise<void> {
  const turn = { nip, askedAt: NOW };
  await test.ledger.askReconciliation({ nip, since: after(-1_000), actor: 'anna', now: NOW });
  const credential = (await test.ledger.credentialOf(nip))?.id ?? '';
  const reference = `found-${nip}`;
  const counts = { invoiceCount: 1, successfulInvoiceCount: 1, failedInvoiceCount: 0, statusCode: 200 };
  const found = { reference, kind: 'batch', openedAt: NOW, updatedAt: NOW, ...counts } as const;
  await test.ledger.recordListed(
    turn,
    credential,
    { kind: 'batch', sessions: [found], stillUntil: null },
    NOW,
  );
  const registration = {
    ...{ sha256, ksefNumber: ksefNumber(900, nip), invoicingMode: 'Online' as const },
    ...{ acquiredAt: NOW, receiptPage: 1 },
  };
  await test.ledger.recordRegistrations({ nip, reference }, 200, [registration], NOW);
}
