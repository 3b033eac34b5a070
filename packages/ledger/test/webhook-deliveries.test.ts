import type { DeliveryOutcome } from '@wsad/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { as, DONE, webhooksOf } from './support/webhooks.ts';

const HOUR_MS = 3_600_000;
const BROKEN: DeliveryOutcome = { kind: 'failed', status: 500, why: 'it answered 500' };

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
});
afterEach(() => test.close());

const { hook, gathered, told } = webhooksOf(() => test);

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
