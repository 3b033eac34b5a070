import type { DeliveryOutcome } from '@wsad/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { as, webhooksOf } from './support/webhooks.ts';

const HOUR_MS = 3_600_000;
const BROKEN: DeliveryOutcome = { kind: 'failed', status: 500, why: 'it answered 500' };

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
});
afterEach(() => test.close());

const { hook, gathered, rowsIn } = webhooksOf(() => test);

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

  it('that is saved as it is leaves nothing in the audit trail, and one that is changed what was changed', async () => {
    const [one, other] = [newNip(), newNip()];
    const id = await hook(['invoice.held', 'invoice.cleared'], [one, other]);
    const before = await test.ledger.webhook(id, 'all');
    const asItIs = { url: 'https://example.com/hook', description: null, active: true } as const;
    const sameLists = { events: ['invoice.cleared', 'invoice.held'], sellers: [other, one] } as const;
    expect(await test.ledger.changeWebhook(as(id), { ...asItIs, ...sameLists })).toMatchObject(before ?? {});
    expect(await test.ledger.changeWebhook(as(id), {})).toMatchObject(before ?? {});
    const changes = async () => {
      const sql = `SELECT detail->'changed' AS changed FROM events WHERE type = 'webhook.changed' ORDER BY id`;
      return (await test.pool.query(sql)).rows.map(({ changed }) => changed);
    };
    expect(await changes()).toEqual([]);
    await test.ledger.changeWebhook(as(id), { ...asItIs, description: 'ours', sellers: [one] });
    await test.ledger.changeWebhook(as(id), { active: false });
    await test.ledger.changeWebhook(as(id), { active: false });
    await test.ledger.changeWebhook(as(id), { description: 'ours', active: true });
    expect(await changes()).toEqual([['description', 'sellers'], ['active'], ['active']]);
  });

  it('that fails begins anew where it is told to be active once more', async () => {
    const id = await hook();
    await test.ledger.sendTestDelivery(as(id));
    const delivery = await test.ledger.claimDelivery(id, NOW, 15_000);
    if (delivery === null) throw new Error('nothing is due');
    await test.ledger.recordDelivery(delivery, BROKEN, NOW, 0);
    expect(await test.ledger.changeWebhook(as(id), { active: true })).toMatchObject({ failures: 0 });
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
