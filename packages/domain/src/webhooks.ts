/** What webhooks tell of, how much goes into one delivery, and how long a delivery is tried: pure, like every rule. */

export const WEBHOOK_EVENTS = {
  'invoice.cleared': 'Invoices have a KSeF number: final.',
  'invoice.rejected': 'Invoices were refused by KSeF, with its verdict: final.',
  'invoice.held': 'Invoices wait for a person or a cure, for the cause named.',
  'submission.done':
    'wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end.',
  'seller.authentication.changed': "A seller's login began to work, was refused or was blocked.",
  'deadline.near': 'Invoices still wait four hours or one hour before their deadline, or when it has passed.',
} as const satisfies Readonly<Record<string, string>>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;

export const webhookEvents: readonly WebhookEvent[] = Object.keys(WEBHOOK_EVENTS).filter(
  (name): name is WebhookEvent => name in WEBHOOK_EVENTS,
);

/** Sent when a person asks for it, to try a webhook out; nobody subscribes to it. */
export const TEST_EVENT = 'webhook.test';

/** The type of a delivery. */
export type DeliveryEvent = WebhookEvent | typeof TEST_EVENT;

/** One invoice, submission, seller or deadline, as it is told; every one names its seller. */
export interface WebhookItem {
  readonly nip: string;
  readonly [field: string]: unknown;
}

/** What one delivery carries at most: 10,000 cleared invoices are ten deliveries. */
export const DELIVERY_ITEMS_MAX = 1_000;
export const DELIVERY_BYTES_MAX = 512_000;

/** Type, time and an empty list, with some to spare. */
const ENVELOPE_BYTES = 200;

export interface DeliveryBody {
  readonly body: string;
  readonly items: number;
}

/** The bodies that carry all of the items, in their order and within both bounds; one item alone may be as large as it is. */
export function deliveryBodies(
  event: DeliveryEvent,
  items: readonly WebhookItem[],
  at: Date,
): DeliveryBody[] {
  const bodies: DeliveryBody[] = [];
  let texts: string[] = [];
  let bytes = ENVELOPE_BYTES;
  const close = (): void => {
    if (texts.length > 0) bodies.push({ body: bodyOf(event, texts, at), items: texts.length });
    texts = [];
    bytes = ENVELOPE_BYTES;
  };
  for (const item of items) {
    const text = JSON.stringify(item);
    const more = Buffer.byteLength(text) + 1;
    if (texts.length >= DELIVERY_ITEMS_MAX || bytes + more > DELIVERY_BYTES_MAX) close();
    texts.push(text);
    bytes += more;
  }
  close();
  return bodies;
}

export function testDelivery(at: Date): string {
  return bodyOf(TEST_EVENT, [], at);
}

function bodyOf(event: DeliveryEvent, texts: readonly string[], at: Date): string {
  return `{"type":"${event}","timestamp":"${at.toISOString()}","data":{"items":[${texts.join(',')}]}}`;
}

const HOUR_MS = 3_600_000;
/** A delivery is tried for so long. */
export const DELIVERY_MS_MAX = 72 * HOUR_MS;
/** A webhook that took nothing for so long is disabled. */
export const WEBHOOK_FAILING_MS_MAX = 120 * HOUR_MS;
/** A webhook that fails for so long is told of as out of order: shorter outages pass by themselves. */
export const WEBHOOK_FAILING_MS_TOLD = HOUR_MS;
/** For so long the secret before a rotation signs as well. */
export const SECRET_OVERLAP_MS = 24 * HOUR_MS;

const FIRST_PAUSE_MS = 5_000;
const PAUSE_MS_MAX = 12 * HOUR_MS;
/** The longest pause that nextTry makes. */
export const NEXT_TRY_MS_MAX = 1.2 * PAUSE_MS_MAX;
/** 5 s, 15 s, 45 s, …, an hour, …, twelve hours: fifteen tries or so. */
const PAUSE_GROWS = 3;

/**
 * When a delivery is tried again that has failed `tries` times, the first of them counted from `since`: each pause is
 * spread by a fifth either way, and the last try comes at the very end. Null: it has failed for good. `random` is [0, 1).
 */
export function nextTry(tries: number, since: Date, now: Date, random: number): Date | null {
  const endsMs = since.getTime() + DELIVERY_MS_MAX;
  if (now.getTime() >= endsMs) return null;
  const pauseMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * PAUSE_GROWS ** Math.min(tries - 1, 20));
  const spreadMs = pauseMs * (0.8 + 0.4 * random);
  return new Date(Math.min(now.getTime() + Math.round(spreadMs), endsMs));
}

/** After so many failures in a row, whatever waits for a webhook goes as soon as it takes something again. */
export const FAILURES_OF_AN_OUTAGE = 5;
/** While a webhook fails it is left alone between tries, whatever else waits for it. */
export const WEBHOOK_REST_MS_MAX = 900_000;

/** How a delivery went. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      /** Null where no answer came. */
      readonly status: number | null;
      /** In words that quote neither address nor answer. */
      readonly why: string;
    };

/** 410 Gone: its owner wants no more of it. */
export function saysGone(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'failed' && outcome.status === 410;
}

/** Why a webhook is not served any more. */
export const WEBHOOK_STOPS = {
  failing: 'It took nothing for five days.',
  gone: 'It answered 410 Gone.',
  secretLost: 'The vault key was lost, and its secret with it: rotate the secret, then enable it.',
  person: 'Somebody disabled it.',
} as const satisfies Readonly<Record<string, string>>;
export type WebhookStop = keyof typeof WEBHOOK_STOPS;

/** What a delivery needs: where it goes, what it says, and the secrets that sign it, the present one first. */
export interface DueDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly event: DeliveryEvent;
  readonly body: string;
  readonly items: number;
}

/** What became of a try. */
export interface DeliveryRecord {
  /** `pending`: it is tried again. */
  readonly state: 'delivered' | 'pending' | 'failed';
  readonly tries: number;
  /** Where this try made it so. */
  readonly stopped: WebhookStop | null;
}
