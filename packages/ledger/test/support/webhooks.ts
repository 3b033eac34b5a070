/** Webhooks of the ledger under test, and what is told to them. */
import type { DeliveryOutcome, WebhookEvent } from '@wsad/domain';
import { z } from 'zod';
import { after, NOW } from './invoices.ts';
import type { TestLedger } from './ledger.ts';

export const DONE: DeliveryOutcome = { kind: 'delivered', status: 200 };

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.object({ items: z.array(z.looseObject({ nip: z.string() })) }),
});

export const as = (id: string, now = NOW) => ({ id, actor: 'test', sellers: 'all', now }) as const;

export function webhooksOf(current: () => TestLedger) {
  async function hook(
    events: readonly WebhookEvent[] | 'all' = 'all',
    sellers: readonly string[] | 'all' = 'all',
  ): Promise<string> {
    const wanted = { url: 'https://example.com/hook', description: null, events, sellers };
    return (await current().ledger.createWebhook(wanted, 'test', NOW)).id;
  }

  async function gathered(now = after(1_000)): Promise<void> {
    while ((await current().ledger.gatherWebhooks(now)) > 0);
  }

  /** Everything that is due, as if it were taken. */
  async function told(id: string, now = after(2_000)) {
    await gathered(now);
    const bodies = [];
    for (;;) {
      const delivery = await current().ledger.claimDelivery(id, now, 15_000);
      if (delivery === null) return bodies;
      await current().ledger.recordDelivery(delivery, DONE, now, 0);
      bodies.push({ ...delivery, parsed: bodySchema.parse(JSON.parse(delivery.body)) });
    }
  }

  async function rowsIn(table: string): Promise<number> {
    const { rows } = await current().pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return rows[0]?.n ?? 0;
  }

  return { hook, gathered, told, rowsIn };
}
