/** The examples of docs/webhooks.md are of the form that wsad sends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEBHOOK_EVENTS } from '@wsad/domain';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { everyEvent } from './support/every-event.ts';
import { after, NOW } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

const message = z.strictObject({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.strictObject({ items: z.array(z.record(z.string(), z.unknown())).min(1) }),
});
const page = readFileSync(join(repoRoot, 'docs/webhooks.md'), 'utf8');

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

it('every event is on the page, in the words of the catalogue', () => {
  const rows = [...page.matchAll(/^\| ([a-z.]+) \| (.+) \|$/gm)].map(([, name, when]) => [name, when]);
  expect(rows.filter(([name]) => name !== 'event')).toEqual(Object.entries(WEBHOOK_EVENTS));
});

it('each has an example with the fields that it is sent with', async () => {
  const wanted = { url: 'https://example.com', description: null, events: 'all', sellers: 'all' } as const;
  await test.ledger.createWebhook(wanted, 'test', NOW);
  await everyEvent(test.ledger);
  while ((await test.ledger.gatherWebhooks(after(1_000))) > 0);
  const { rows } = await test.pool.query<{ body: string }>(
    `SELECT body FROM webhook_deliveries WHERE event <> 'webhook.test'`,
  );
  const sent = rows.map(({ body }) => message.parse(JSON.parse(body)));
  const examples = [...page.matchAll(/```json\n(.+)\n```/g)].map(([, json = '']) =>
    message.parse(JSON.parse(json)),
  );
  expect(examples.map(({ type }) => type)).toEqual(Object.keys(WEBHOOK_EVENTS));
  for (const { type, data } of examples) {
    const items = sent.filter((one) => one.type === type).flatMap((one) => one.data.items);
    expect([type, items.length > 0]).toEqual([type, true]);
    for (const item of items)
      expect([type, Object.keys(item)]).toEqual([type, Object.keys(data.items[0] ?? {})]);
  }
});
