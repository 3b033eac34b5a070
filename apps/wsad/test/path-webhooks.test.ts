import { eventually, type Received, type Receiver, startReceiver } from '@wsad/testkit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { invoiceOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const message = z.object({
  type: z.string(),
  data: z.object({ items: z.array(z.looseObject({ nip: z.string(), id: z.string().optional() })) }),
});

describe('webhooks, over the whole system', () => {
  let system: System;
  let receiver: Receiver;
  /** How often it still answers 500. */
  let failures = 1;

  beforeAll(async () => {
    receiver = await startReceiver((response) => {
      failures -= 1;
      response.writeHead(failures >= 0 ? 500 : 204).end();
    });
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  });
  afterAll(async () => {
    await system.close();
    await receiver.close();
  });

  async function json(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await system.api.call(method, path, body);
    expect(response.status).toBeLessThan(300);
    return await response.json();
  }

  const taken = (): Received[] => receiver.received.slice(1);
  const toldOf = (type: string) =>
    taken()
      .map(({ body }) => message.parse(JSON.parse(body)))
      .filter((one) => one.type === type)
      .flatMap(({ data }) => data.items);

  it('tell once of each of twenty invoices and of the submission, signed, although the first try fails', async () => {
    const nip = newSeller();
    const made = await json('POST', '/v1/webhooks', { url: receiver.url, sellers: [nip] });
    const { id, secret } = z.object({ id: z.string(), secret: z.string() }).parse(made);
    const { api } = system;
    await api.putToken(nip);
    const xmls = Array.from({ length: 20 }, (_, index) => invoiceOf(nip, `FV/${index + 1}`));
    const { submissionId, invoices } = await api.submit(nip, xmls);
    await api.atRest(submissionId);
    await eventually(() => Promise.resolve(toldOf('submission.done').length > 0), {
      timeoutMs: 30_000,
      what: 'the submission to be told as done',
    });
    await eventually(
      async () => {
        const page = await json('GET', `/v1/webhooks/${id}/deliveries?state=pending`);
        return z.object({ items: z.array(z.unknown()) }).parse(page).items.length === 0;
      },
      { timeoutMs: 30_000, what: 'everything to be delivered' },
    );
    const cleared = toldOf('invoice.cleared').map((item) => item.id);
    expect(cleared.toSorted()).toEqual(invoices.map((one) => one.id ?? '').toSorted());
    expect(toldOf('submission.done')).toMatchObject([{ nip, id: submissionId, byState: { cleared: 20 } }]);
    expect(toldOf('seller.authentication.changed')).toMatchObject([{ nip, state: 'active' }]);
    const [first] = receiver.received;
    expect(taken().map(({ headers }) => headers['webhook-id'])).toContain(first?.headers['webhook-id']);
    for (const { headers, body } of receiver.received) {
      const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
      const signature = new Webhook(secret).sign(String(headers['webhook-id']), at, body);
      expect(headers['webhook-signature']).toBe(signature);
    }
  });

  it('are tried out and redelivered by a person', async () => {
    const made = await json('POST', '/v1/webhooks', { url: receiver.url, sellers: 'all' });
    const { id } = z.object({ id: z.string() }).parse(made);
    const asked = z.object({ deliveryId: z.string() });
    const { deliveryId } = asked.parse(await json('POST', `/v1/webhooks/${id}/test`));
    const times = () => receiver.received.filter(({ headers }) => headers['webhook-id'] === deliveryId);
    await eventually(() => Promise.resolve(times().length === 1), { timeoutMs: 30_000, what: 'the test' });
    await eventually(
      async () => {
        const page = await json('GET', `/v1/webhooks/${id}/deliveries?state=delivered`);
        return z.object({ items: z.array(z.unknown()) }).parse(page).items.length === 1;
      },
      { timeoutMs: 30_000, what: 'the test to be written down' },
    );
    await json('POST', `/v1/webhooks/${id}/deliveries/${deliveryId}/redeliver`);
    await eventually(() => Promise.resolve(times().length === 2), { timeoutMs: 30_000, what: 'it again' });
    expect(new Set(times().map(({ body }) => body)).size).toBe(1);
  });
});

describeWire(wire);
