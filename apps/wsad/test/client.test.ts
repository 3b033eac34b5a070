import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@wsad/client';
import { repoRoot } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { invoiceOf, invoicesOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
let system: System;
beforeAll(async () => {
  system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
});
afterAll(() => system.close());

it('does what its example in docs/client.md says, in at most 15 lines', async () => {
  const nip = newSeller();
  await system.api.putToken(nip);
  const page = readFileSync(join(repoRoot, 'docs/client.md'), 'utf8');
  const example = /```ts example\n([\s\S]*?)```/.exec(page)?.[1]?.trim() ?? '';
  const body = example.split('\n').filter((line) => !line.startsWith('import '));
  expect(example.split('\n').length).toBeLessThanOrEqual(15);
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const told: string[] = [];
  const names = ['createClient', 'url', 'key', 'nip', 'xml', 'tell'];
  const tell = (line: string): void => void told.push(line);
  await new AsyncFunction(...names, body.join('\n'))(
    ...[createClient, system.api.url, system.api.key, nip, invoiceOf(nip, 'EX/1').xml, tell],
  );
  const [invoice] = await system.api.invoices(nip);
  expect(told).toEqual([`EX/1 cleared ${invoice?.ksefNumber}`]);
});

it('answers the same call again under the same key, and files and texts alike', async () => {
  const nip = newSeller();
  await system.api.putToken(nip);
  const client = createClient(system.api);
  const [one, two] = invoicesOf(nip, 2, 'K');
  const files = [{ name: 'one.xml', bytes: new TextEncoder().encode(one?.xml) }];
  const first = await client.send(nip, files, { idempotencyKey: 'key-1' });
  expect((await client.send(nip, files, { idempotencyKey: 'key-1' })).submissionId).toBe(first.submissionId);
  const other = await client.send(nip, [{ xml: two?.xml ?? '', externalId: 'mine' }], { urgent: true });
  expect(other.invoices[0]?.externalId).toBe('mine');
  expect((await client.wait(first.submissionId)).byState).toEqual({ cleared: 1 });
  await client.wait(other.submissionId);
});

it('gives what the API refuses as a problem that says what to do, and refused invoices as an answer', async () => {
  const client = createClient(system.api);
  const unknown = client.answered(
    client.api.GET('/v1/sellers/{nip}/status', { params: { path: { nip: newSeller() } } }),
  );
  await expect(unknown).rejects.toMatchObject({ code: 'UNKNOWN_SELLER', status: 404 });
  await expect(client.wait('no-such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const refused = await client.send(newSeller(), [{ xml: '<Faktura/>' }]);
  expect(refused).toMatchObject({ accepted: 0, refused: 1, invoices: [{ state: 'refused' }] });
});

describeWire(wire);
