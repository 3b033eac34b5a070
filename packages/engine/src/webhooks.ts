/** Telling webhooks: what happened is gathered into deliveries, and each webhook gets its own, one after another. */
import { type DueDelivery, done, type Outcome } from '@wsad/domain';
import type { World } from './ports.ts';

const GATHERED_A_ROUND = 20;
const RINGS_PER_ROUND = 500;
const DELIVERIES_A_RUN = 100;
/** A try ends sooner; then whoever was at it has died, and another may. */
const LEASE_MS = 15_000;

/** Answers how many webhooks were rung for. What is left over, or was rung for in vain, the next round finds again. */
export async function gatherWebhooks({ ledger, doorbell, clock }: World): Promise<number> {
  for (let round = 0; round < GATHERED_A_ROUND; round += 1)
    if ((await ledger.gatherWebhooks(clock())) === 0) break;
  const due = await ledger.webhooksDue(clock(), RINGS_PER_ROUND);
  await Promise.all(due.map((id) => doorbell.webhook(id)));
  return due.length;
}

/** Until nothing is due for it any more, or it fails: then it rests. `random` is [0, 1). */
export async function deliverToWebhook(
  world: World,
  webhookId: string,
  random: () => number,
): Promise<Outcome> {
  for (let count = 0; count < DELIVERIES_A_RUN; count += 1) {
    const delivery = await world.ledger.claimDelivery(webhookId, world.clock(), LEASE_MS);
    if (delivery === null || !(await deliver(world, delivery, random))) break;
  }
  return done;
}

async function deliver(world: World, delivery: DueDelivery, random: () => number): Promise<boolean> {
  const { ledger, webhooks, clock, emit } = world;
  const { webhookId, event, items } = delivery;
  const begun = clock().getTime();
  const outcome = await webhooks.send(delivery);
  const now = clock();
  const record = await ledger.recordDelivery(delivery, outcome, now, random());
  if (outcome.kind === 'delivered') {
    emit({ type: 'webhook.delivered', webhookId, event, items, durationMs: now.getTime() - begun });
    return true;
  }
  if (record === null) return false;
  const { tries, state, stopped } = record;
  emit({ type: 'webhook.failed', webhookId, event, why: outcome.why, tries, final: state === 'failed' });
  if (stopped !== null) emit({ type: 'webhook.disabled', webhookId, why: stopped });
  return false;
}
