import { WEBHOOK_EVENTS, WEBHOOK_STOPS, type WebhookEvent, webhookEvents } from '@wsad/domain';
import { z } from 'zod';
import { idParams, instant, pageOf, pageQuery, withoutNul } from './common.ts';

const EVENTS_IN_WORDS = webhookEvents.map((name) => `${name}: ${WEBHOOK_EVENTS[name]}`).join(' ');
const STOPS_IN_WORDS = Object.entries(WEBHOOK_STOPS)
  .map(([stop, words]) => `${stop}: ${words}`)
  .join(' ');

const eventNames: readonly [WebhookEvent, ...WebhookEvent[]] = [
  'invoice.cleared',
  ...webhookEvents.filter((name) => name !== 'invoice.cleared'),
];
const events = z
  .union([z.literal('all'), z.array(z.enum(eventNames)).min(1).max(eventNames.length)])
  .describe(`what to tell of, or "all". ${EVENTS_IN_WORDS}`);
const sellers = z
  .union([z.literal('all'), z.array(z.string()).min(1).max(10_000)])
  .describe('NIPs to tell of, or "all" (administrators of all sellers alone)');
const url = withoutNul(z.string().trim().min(1).max(2_000)).describe(
  'https and a public host, unless the host is named in WSAD_WEBHOOK_HOSTS',
);
const description = withoutNul(z.string().trim().max(500)).nullable();

export const newWebhook = z
  .object({ url, events: events.default('all'), sellers, description: description.default(null) })
  .meta({ id: 'NewWebhook' });

export const webhookChange = z
  .object({
    url: url.optional(),
    events: events.optional(),
    sellers: sellers.optional(),
    description: description.optional(),
    active: z.boolean().optional().describe('false: nothing goes to it any more; true: it begins anew'),
  })
  .meta({ id: 'WebhookChange' });

const secret = z.string().describe('"whsec_" and base64; signs what is sent; shown this once');

export const createdWebhook = z.object({ id: z.string(), secret }).meta({ id: 'CreatedWebhook' });
export const rotatedWebhook = z
  .object({ secret, earlierUntil: instant.describe('until then the secret before it signs as well') })
  .meta({ id: 'RotatedWebhook' });

export const webhookAnswer = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string().nullable(),
    events,
    sellers,
    createdAt: instant,
    active: z.boolean(),
    disabledAt: instant.nullable(),
    disabledWhy: z
      .enum(['failing', 'gone', 'secretLost', 'person'])
      .nullable()
      .describe(`why it is not served. ${STOPS_IN_WORDS}`),
    failures: z.int().describe('tries in a row that failed'),
    failingSince: instant.nullable(),
    lastSuccessAt: instant.nullable(),
    earlierSecretUntil: instant.nullable(),
  })
  .meta({ id: 'Webhook' });
export const webhookList = z.object({ items: z.array(webhookAnswer) }).meta({ id: 'Webhooks' });

const deliveryState = z
  .enum(['pending', 'delivered', 'failed'])
  .describe('pending: it is tried, or tried again; failed: it is not tried again');
const deliverySummary = z
  .object({
    id: z.string().describe('also in the header "webhook-id"'),
    event: z.string(),
    items: z.int(),
    createdAt: instant,
    state: deliveryState,
    tries: z.int(),
    nextAt: instant.nullable().describe('when it is tried next'),
    lastTriedAt: instant.nullable(),
    lastStatus: z.int().nullable().describe('HTTP status of the last answer; null where none came'),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export const deliveryPage = pageOf(deliverySummary).meta({ id: 'WebhookDeliveries' });
export const deliveryQuery = pageQuery.extend({ state: deliveryState.optional() });
export const deliveryParams = idParams.extend({ deliveryId: z.string() });
export const deliveryAsked = z.object({ deliveryId: z.string() }).meta({ id: 'DeliveryAsked' });
