import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { verifyWebhook } from '../src/index.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const BODY =
  '{"type":"invoice.cleared","timestamp":"2026-11-16T10:00:00.000Z","data":{"items":[{"nip":"1"}]}}';

function signed(body: string, at = new Date()) {
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign('msg_1', at, body),
  };
}

it('answers the message of a webhook that is signed and fresh, from headers of either kind', () => {
  expect(verifyWebhook(signed(BODY), BODY, SECRET)).toEqual(JSON.parse(BODY));
  expect(verifyWebhook(new Headers(signed(BODY)), BODY, SECRET).type).toBe('invoice.cleared');
});

it('refuses another body, another secret, an old message and missing headers', () => {
  const other = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
  expect(() => verifyWebhook(signed(BODY), `${BODY} `, SECRET)).toThrow();
  expect(() => verifyWebhook(signed(BODY), BODY, other)).toThrow();
  expect(() => verifyWebhook(signed(BODY, new Date(Date.now() - 600_000)), BODY, SECRET)).toThrow();
  expect(() => verifyWebhook({}, BODY, SECRET)).toThrow();
});
