import type { DueDelivery } from '@wsad/domain';
import { type Receiver, startReceiver } from '@wsad/testkit';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebhookSender, type WebhookSenderOptions } from '../src/index.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const EARLIER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

const receivers: Receiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function receiver(answer: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const started = await startReceiver(answer);
  receivers.push(started);
  return started;
}

function due(url: string, secrets = [SECRET]): DueDelivery {
  const body =
    '{"type":"invoice.cleared","timestamp":"2026-11-16T10:00:00.000Z","data":{"items":[{"nip":"ąę"}]}}';
  return { id: '019a-1', webhookId: 'hook', url, secrets, event: 'invoice.cleared', body, items: 1 };
}

function send(delivery: DueDelivery, options: Partial<WebhookSenderOptions> = {}) {
  const named = { clock: () => new Date(), namedHosts: ['127.0.0.1', 'receiver.test'], timeoutMs: 5_000 };
  return createWebhookSender({ ...named, ...options }).send(delivery);
}

describe('a delivery', () => {
  it('arrives as it is, signed so that the library of the specification takes it', async () => {
    const { url, received } = await receiver((response) => response.writeHead(204).end());
    const delivery = due(url);
    expect(await send(delivery)).toEqual({ kind: 'delivered', status: 204 });
    expect(received).toHaveLength(1);
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = received;
    expect([path, body, headers['content-type']]).toEqual(['/hook?of=us', delivery.body, 'application/json']);
    expect(headers['webhook-id']).toBe(delivery.id);
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(SECRET).verify(body, flat)).toEqual(JSON.parse(delivery.body));
    expect(() => new Webhook(EARLIER).verify(body, flat)).toThrow();
    expect(() => new Webhook(SECRET).verify(`${body} `, flat)).toThrow();
  });

  it('is signed by both secrets while one is being changed', async () => {
    const { url, received } = await receiver((response) => response.end('thanks'));
    await send(due(url, [SECRET, EARLIER]));
    const headers = Object.fromEntries(
      Object.entries(received[0]?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    for (const secret of [SECRET, EARLIER])
      expect(() => new Webhook(secret).verify(received[0]?.body ?? '', headers)).not.toThrow();
  });
});

describe('a receiver', () => {
  it.each([400, 404, 410, 429, 500, 503])('that answers %i has not taken it', async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end('private words'));
    expect(await send(due(url))).toEqual({ kind: 'failed', status, why: `it answered ${status}` });
  });

  it('that redirects is not followed', async () => {
    const other = await receiver((response) => response.end());
    const { url } = await receiver((response) => response.writeHead(307, { location: other.url }).end());
    expect(await send(due(url))).toEqual({
      kind: 'failed',
      status: 307,
      why: 'it answered 307, and redirects are not followed',
    });
    expect(other.received).toEqual([]);
  });

  it('that hangs is left after the time that there is', async () => {
    const { url, received } = await receiver(() => {});
    const outcome = await send(due(url), { timeoutMs: 300 });
    expect(outcome).toEqual({ kind: 'failed', status: null, why: 'no answer within 0.3 s' });
    expect(received.length).toBeLessThanOrEqual(1);
  });

  it('that answers slowly, a letter at a time, is left as well', async () => {
    const { url } = await receiver((response) => {
      const letters = setInterval(() => response.socket?.write('H'), 20);
      response.socket?.on('close', () => clearInterval(letters));
    });
    expect(await send(due(url), { timeoutMs: 300 })).toMatchObject({ kind: 'failed', status: null });
  });

  it('that closes before it has answered has not taken it', async () => {
    const { url } = await receiver((response) => response.socket?.destroy());
    expect(await send(due(url))).toMatchObject({ kind: 'failed', status: null });
  });

  it('that closes in the middle of what it says, or never ends, has said all that is asked', async () => {
    const cut = await receiver((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('ok', () => response.socket?.destroy());
    });
    expect(await send(due(cut.url))).toEqual({ kind: 'delivered', status: 200 });
    const endless = await receiver((response) => {
      response.writeHead(200);
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', flood);
      flood();
    });
    expect(await send(due(endless.url))).toEqual({ kind: 'delivered', status: 200 });
  });

  it('that is not there is told by a code, which quotes no address', async () => {
    const { url, close } = await startReceiver(() => {});
    await close();
    const outcome = await send(due(url));
    expect(outcome).toMatchObject({ kind: 'failed', status: null });
    expect(JSON.stringify(outcome)).not.toContain('127.0.0.1');
  });
});

describe('the host of a webhook', () => {
  it('is looked up once, and called at the address that was judged', async () => {
    const { port, received } = await receiver((response) => response.end());
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    expect(await send(due(`http://receiver.test:${port}/`), { resolve })).toMatchObject({
      kind: 'delivered',
    });
    expect([asked, received[0]?.headers.host]).toEqual([1, `receiver.test:${port}`]);
  });

  it('is not called where it leads into a private network, also among good addresses or the second time', async () => {
    const { port, received } = await receiver((response) => response.end());
    const bad = { address: '127.0.0.1', family: 4 };
    const good = { address: '93.184.215.14', family: 4 };
    const url = `https://rebinding.test:${port}/`;
    for (const found of [[bad], [good, bad], [{ address: '::ffff:10.0.0.1', family: 6 }]]) {
      const outcome = await send(due(url), { resolve: async () => found });
      expect(outcome).toEqual({ kind: 'failed', status: null, why: 'its address is private or reserved' });
    }
    let times = 0;
    const rebinding = async () => {
      times += 1;
      return times === 1 ? [good] : [bad];
    };
    await send(due(url), { resolve: rebinding, timeoutMs: 300 });
    expect([times, received]).toEqual([1, []]);
  });

  it('that has no address, or whose look-up fails or hangs, is no more than a failure', async () => {
    const url = 'https://nowhere.test/';
    expect(await send(due(url), { resolve: async () => [] })).toMatchObject({ why: 'no answer (ENOTFOUND)' });
    const broken = () => Promise.reject(Object.assign(new Error('x'), { code: 'EAI_AGAIN' }));
    expect(await send(due(url), { resolve: broken })).toMatchObject({ why: 'no answer (EAI_AGAIN)' });
    const hanging = () => new Promise<never>(() => {});
    expect(await send(due(url), { resolve: hanging, timeoutMs: 200 })).toMatchObject({
      why: 'no answer within 0.2 s',
    });
  });

  it('is judged anew for every delivery, whatever was allowed when the webhook was made', async () => {
    const { url, received } = await receiver((response) => response.end());
    expect(await send(due(url), { namedHosts: [] })).toMatchObject({ why: 'its address is not allowed' });
    expect(received).toEqual([]);
  });
});
