/** What telling webhooks asks of the ledger and of whoever sends to them. */
import type { DeliveryOutcome, DeliveryRecord, DueDelivery } from '@wsad/domain';

export interface WebhookLedger {
  /** Puts what is to be told into deliveries, some of it at a time; 0 once there is nothing left. */
  gatherWebhooks(now: Date): Promise<number>;
  /** Webhooks for which something is due that nobody is at. */
  webhooksDue(now: Date, limit: number): Promise<string[]>;
  /** What is due for the longest, for nobody else until `leaseMs` have passed. */
  claimDelivery(webhookId: string, now: Date, leaseMs: number): Promise<DueDelivery | null>;
  /** Null where somebody else has ended it meanwhile. `random` is [0, 1). */
  recordDelivery(
    delivery: DueDelivery,
    outcome: DeliveryOutcome,
    now: Date,
    random: number,
  ): Promise<DeliveryRecord | null>;
}

export interface WebhookSender {
  /** Never rejects, and ends before a delivery's lease does. */
  send(delivery: DueDelivery): Promise<DeliveryOutcome>;
}
