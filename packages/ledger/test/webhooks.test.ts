import type { DeliveryOutcome, HoldCause, InvoiceSettlement, WebhookEvent } from '@wsad/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
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

const HOUR_MS = 3_600_000;
const DONE: DeliveryOutcome = { kind: 'delivered', status: 200 };
const BROKEN: DeliveryOutcome = { kind: 'failed', status: 500, why: 'it answered 500' };

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.object({ items: z.array(z.looseObject({ nip: z.string() })) }),
});

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
});
afterEach(() => test.close());

async function hook(
  events: readonly WebhookEvent[] | 'all' = 'all',
  sellers: readonly string[] | 'all' = 'all',
): Promise<string> {
  const wanted = { url: 'https://example.com/hook', description: null, events, sellers };
  return (await test.ledger.createWebhook(wanted, 'test', NOW)).id;
}

const as = (id: string, now = NOW) => ({ id, actor: 'test', sellers: 'all', now }) as const;

async function gathered(now = after(1_000)): Promise<void> {
  while ((await test.ledger.gatherWebhooks(now)) > 0);
}

/** Everything that is due, as if it were taken. */
async function told(id: string, now = after(2_000)) {
  await gathered(now);
  const bodies = [];
  for (;;) {
    const delivery = await test.ledger.claimDelivery(id, now, 15_000);
    if (delivery === null) return bodies;
    await test.ledger.recordDelivery(delivery, DONE, now, 0);
    bodies.push({ ...delivery, parsed: bodySchema.parse(JSON.parse(delivery.body)) });
  }
}

async function eventsTold(id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { event, items } of await told(id)) counts[event] = (counts[event] ?? 0) + items;
  return counts;
}

async function rowsIn(table: string): Promise<number> {
  const { rows } = await test.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]?.n ?? 0;
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

describe('a delivery', () => {
  async function one(): Promise<string> {
    const id = await hook(['invoice.held']);
    await test.ledger.accept(call(numbered(1), { nip: newNip() }));
    await gathered(NOW);
    return id;
  }

  const tryAt = async (id: string, now: Date, outcome: DeliveryOutcome = BROKEN) => {
    const delivery = await test.ledger.claimDelivery(id, now, 15_000);
    return delivery === null ? null : await test.ledger.recordDelivery(delivery, outcome, now, 0.5);
  };

  it('is tried for three days, ever more seldom, and has failed then', async () => {
    const id = await one();
    const pauses: number[] = [];
    let now = NOW;
    for (;;) {
      const record = await tryAt(id, now);
      if (record?.state !== 'pending') {
        expect(record).toMatchObject({ state: 'failed', stopped: null });
        break;
      }
      const page = await test.ledger.deliveriesPage(id, 'all', {}, null, 1);
      const next = page?.items[0]?.nextAt ?? NOW;
      pauses.push((next.getTime() - now.getTime()) / 1_000);
      now = next;
    }
    expect(pauses.slice(0, 4)).toEqual([5, 15, 45, 135]);
    expect(pauses.length).toBeLessThan(20);
    expect(now).toEqual(after(72 * HOUR_MS));
  });

  it('goes again under the same id with the same bytes when its sender died, and to nobody else meanwhile', async () => {
    const id = await one();
    const first = await test.ledger.claimDelivery(id, NOW, 15_000);
    expect(await test.ledger.claimDelivery(id, after(14_000), 15_000)).toBeNull();
    expect(await test.ledger.webhooksDue(after(14_000), 10)).toEqual([]);
    expect(await test.ledger.webhooksDue(after(15_000), 10)).toEqual([id]);
    expect(await test.ledger.claimDelivery(id, after(15_000), 15_000)).toEqual(first);
  });

  it('waits while its webhook rests, and goes at once when an outage is over', async () => {
    const id = await one();
    for (let failures = 1, now = NOW; failures <= 6; failures += 1) {
      expect(await tryAt(id, now)).toMatchObject({ state: 'pending', tries: failures });
      const page = await test.ledger.deliveriesPage(id, 'all', {}, null, 1);
      now = page?.items[0]?.nextAt ?? NOW;
    }
    await test.ledger.sendTestDelivery(as(id, after(700_000)));
    expect(await tryAt(id, after(700_000), DONE)).toMatchObject({ state: 'delivered' });
    expect(await tryAt(id, after(700_001), DONE)).toMatchObject({ state: 'delivered', tries: 7 });
  });

  it('rests with all others of a webhook that fails', async () => {
    const id = await one();
    await test.ledger.accept(call(numbered(1), { nip: newNip() }));
    await gathered(NOW);
    await tryAt(id, NOW);
    expect(await test.ledger.claimDelivery(id, after(999), 15_000)).toBeNull();
    expect(await test.ledger.claimDelivery(id, after(1_000), 15_000)).not.toBeNull();
  });

  it('is redelivered when a person asks for it', async () => {
    const id = await one();
    const [delivery] = await told(id, NOW);
    expect(await test.ledger.redeliver(as(id, after(9_000)), delivery?.id ?? '')).toEqual({
      kind: 'done',
      deliveryId: delivery?.id,
    });
    const [again] = await told(id, after(9_000));
    expect(again).toEqual(delivery);
    expect(await test.ledger.redeliver(as(id), id)).toEqual({ kind: 'notFound' });
  });
});

describe('a webhook', () => {
  it('that takes nothing for five days is disabled, with an event, and what waits has failed', async () => {
    const id = await hook(['invoice.held']);
    const broken = async (now: Date) => {
      await test.ledger.accept(call(numbered(1), { nip: newNip(), now }));
      await gathered(now);
      const delivery = await test.ledger.claimDelivery(id, now, 15_000);
      return delivery === null ? null : await test.ledger.recordDelivery(delivery, BROKEN, now, 0);
    };
    expect(await broken(NOW)).toMatchObject({ stopped: null });
    expect(await broken(after(119 * HOUR_MS))).toMatchObject({ stopped: null });
    expect(await broken(after(121 * HOUR_MS))).toMatchObject({ state: 'failed', stopped: 'failing' });
    expect(await test.ledger.webhook(id, 'all')).toMatchObject({ disabledWhy: 'failing' });
    const { rows } = await test.pool.query(
      `SELECT actor, detail FROM events WHERE type = 'webhook.disabled'`,
    );
    expect(rows).toEqual([{ actor: 'wsad', detail: { id, why: 'failing' } }]);
    const page = await test.ledger.deliveriesPage(id, 'all', {}, null, 10);
    expect(page?.items.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    expect(await test.ledger.sendTestDelivery(as(id))).toEqual({ kind: 'disabled' });
    await test.ledger.changeWebhook(as(id), { active: true });
    expect(await test.ledger.webhook(id, 'all')).toMatchObject({ disabledAt: null, failures: 0 });
  });

  it('that answers 410 is disabled at once', async () => {
    const id = await hook();
    await test.ledger.sendTestDelivery(as(id));
    const delivery = await test.ledger.claimDelivery(id, NOW, 15_000);
    if (delivery === null) throw new Error('nothing is due');
    const gone = { kind: 'failed', status: 410, why: 'it answered 410' } as const;
    expect(await test.ledger.recordDelivery(delivery, gone, NOW, 0)).toMatchObject({ stopped: 'gone' });
  });

  it('signs with both secrets for a day after a rotation', async () => {
    const wanted = { url: 'https://example.com', description: null, events: 'all', sellers: 'all' } as const;
    const { id, secret } = await test.ledger.createWebhook(wanted, 'test', NOW);
    const rotated = await test.ledger.rotateWebhookSecret(as(id));
    await test.ledger.sendTestDelivery(as(id));
    const secretsAt = async (now: Date) => (await test.ledger.claimDelivery(id, now, 15_000))?.secrets;
    expect(await secretsAt(after(24 * HOUR_MS - 1))).toEqual([rotated?.secret, secret]);
    expect(await secretsAt(after(25 * HOUR_MS))).toEqual([rotated?.secret]);
    const { rows } = await test.pool.query('SELECT secret_sealed AS sealed FROM webhooks');
    expect(rows[0].sealed.includes(Buffer.from(secret))).toBe(false);
  });

  it('is seen by those who see all of its sellers', async () => {
    const [one, other] = [newNip(), newNip()];
    const ofOne = await hook('all', [one]);
    const ofBoth = await hook('all', [one, other]);
    const ofAll = await hook();
    const seen = async (sellers: string[] | 'all') =>
      (await test.ledger.listWebhooks(sellers)).map(({ id }) => id).sort();
    expect(await seen([one])).toEqual([ofOne]);
    expect(await seen([other, one])).toEqual([ofOne, ofBoth].sort());
    expect(await seen('all')).toEqual([ofOne, ofBoth, ofAll].sort());
    expect(await test.ledger.webhook(ofAll, [one, other])).toBeNull();
    const mine = { id: ofBoth, actor: 'test', sellers: [one], now: NOW };
    expect(await test.ledger.deleteWebhook(mine)).toBe(false);
    expect(await test.ledger.changeWebhook(mine, { active: false })).toBeNull();
    expect(await test.ledger.rotateWebhookSecret(mine)).toBeNull();
    expect(await test.ledger.deliveriesPage(ofBoth, [one], {}, null, 10)).toBeNull();
  });

  it('keeps a bounded history', async () => {
    const id = await hook(['invoice.held']);
    for (const [state, days] of [
      ['delivered', 8],
      ['delivered', 6],
      ['failed', 31],
      ['failed', 29],
    ] as const)
      await test.pool.query(
        `INSERT INTO webhook_deliveries (id, webhook_id, event, items, body, created_at, state, tried_since, ended_at)
         SELECT gen_random_uuid(), $1, 'invoice.held', 0, '', $2, $3, $2, $2 FROM generate_series(1, 3)`,
        [id, after(-days * 24 * HOUR_MS), state],
      );
    await test.ledger.tidy(NOW);
    expect(await rowsIn('webhook_deliveries')).toBe(6);
    await test.pool.query(
      `INSERT INTO webhook_deliveries (id, webhook_id, event, items, body, created_at, state, tried_since, ended_at)
       SELECT gen_random_uuid(), $1, 'invoice.held', 0, '', $2, 'delivered', $2, $2 FROM generate_series(1, 2500)`,
      [id, NOW],
    );
    await test.ledger.tidy(NOW);
    expect(await rowsIn('webhook_deliveries')).toBe(2_000);
  });
});
