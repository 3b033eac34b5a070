/** What webhooks ask of the ledger. */
import type { Db } from './db.ts';
import { claimDelivery, recordDelivery, webhooksDue } from './webhook-deliveries.ts';
import { gatherWebhooks } from './webhook-gathering.ts';
import { deliveriesPage, redeliver, sendTestDelivery } from './webhook-history.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  rotateWebhookSecret,
  webhook,
} from './webhooks.ts';

export function telling(db: Db) {
  return {
    createWebhook: createWebhook.bind(null, db),
    listWebhooks: listWebhooks.bind(null, db),
    webhook: webhook.bind(null, db),
    changeWebhook: changeWebhook.bind(null, db),
    deleteWebhook: deleteWebhook.bind(null, db),
    rotateWebhookSecret: rotateWebhookSecret.bind(null, db),
    deliveriesPage: deliveriesPage.bind(null, db),
    redeliver: redeliver.bind(null, db),
    sendTestDelivery: sendTestDelivery.bind(null, db),
    gatherWebhooks: gatherWebhooks.bind(null, db),
    webhooksDue: webhooksDue.bind(null, db),
    claimDelivery: claimDelivery.bind(null, db),
    recordDelivery: recordDelivery.bind(null, db),
  };
}
