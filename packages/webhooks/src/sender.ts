/** Sends one delivery, signed by the Standard Webhooks specification, to an address that is judged first. */
import { lookup } from 'node:dns/promises';
import type { DeliveryOutcome, DueDelivery } from '@wsad/domain';
import { Webhook } from 'standardwebhooks';
import { urlRefusal } from './addresses.ts';
import { AddressRefused, pinnedAgent, type Resolve } from './pinned-agent.ts';

export interface WebhookSenderOptions {
  /** Hosts that may have private addresses and need no TLS. */
  readonly namedHosts?: readonly string[];
  readonly clock: () => Date;
  /** From the look-up of the host to the status of the answer. */
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export interface WebhookSender {
  /** Never rejects: whatever goes wrong is the outcome. */
  send(delivery: DueDelivery): Promise<DeliveryOutcome>;
}

/** Shorter than the lease of a delivery, so that nobody else sends it meanwhile. */
const TIMEOUT_MS = 10_000;

export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { namedHosts = [], clock, timeoutMs = TIMEOUT_MS, resolve = resolveAll } = options;
  return {
    async send(delivery) {
      if (urlRefusal(delivery.url, namedHosts) !== null)
        return { kind: 'failed', status: null, why: 'its address is not allowed' };
      const gone = AbortSignal.timeout(timeoutMs);
      const late = new Promise<never>((_, reject) => {
        gone.addEventListener('abort', () => reject(gone.reason), { once: true });
      });
      const exchange = post(delivery, { namedHosts, timeoutMs, resolve, at: clock(), signal: gone });
      return await Promise.race([exchange, late]).then(outcomeOf, (error: unknown) => ({
        kind: 'failed' as const,
        status: null,
        why: reasonOf(error, timeoutMs),
      }));
    },
  };
}

interface Exchange {
  readonly namedHosts: readonly string[];
  readonly timeoutMs: number;
  readonly resolve: Resolve;
  readonly at: Date;
  readonly signal: AbortSignal;
}

/** The status alone: a redirect is an answer like any other, and the body of an answer is not read. */
async function post(delivery: DueDelivery, exchange: Exchange): Promise<number> {
  const url = new URL(delivery.url);
  const agent = await pinnedAgent(url, exchange);
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: headersOf(delivery, exchange.at),
      body: delivery.body,
      signal: exchange.signal,
    });
    answer.body.on('error', () => undefined).destroy();
    return answer.statusCode;
  } finally {
    await agent.destroy();
  }
}

/** While a secret is being changed both sign; a receiver takes the message when either fits. */
function headersOf({ id, body, secrets }: DueDelivery, at: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'wsad-webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const redirects = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return { kind: 'failed', status, why: `it answered ${status}${redirects}` };
}

/** In a code at most: messages of lower layers may quote addresses. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof AddressRefused) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return `no answer (${'code' in error ? String(error.code) : error.name})`;
}

async function resolveAll(hostname: string) {
  return await lookup(hostname, { all: true, verbatim: true });
}
