/** Did wsad send this webhook? Checked by the Standard Webhooks specification, with its own library. */
import { Webhook } from 'standardwebhooks';

export interface WebhookMessage {
  /** Such as invoice.cleared. */
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: { readonly items: readonly Readonly<Record<string, unknown>>[] };
}

type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The message, once its signature is right and it is at most five minutes old; else it throws. `body` is the body as it
 * came, not parsed and written again; `secret` begins with whsec_. The header webhook-id is the same when a message
 * comes again: keep it to do nothing twice.
 */
export function verifyWebhook(headers: WebhookHeaders, body: string, secret: string): WebhookMessage {
  return new Webhook(secret).verify(body, plain(headers)) as WebhookMessage;
}

function plain(headers: WebhookHeaders): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value ?? '')]));
}
