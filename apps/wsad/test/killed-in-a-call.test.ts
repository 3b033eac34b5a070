import { createLedger } from '@wsad/ledger';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { installation, sellerOf, todays } from './support/processes.ts';

/** So many that the first of them are staged while the rest comes in. */
const INVOICES = 2_400;
const HOURS_LATER_MS = 7_200_000;

it('an API that is killed in the middle of a large call has accepted nothing', {
  timeout: 120_000,
}, async () => {
  const install = await installation();
  const ledger = createLedger({ databaseUrl: install.databaseUrl, vaultKey: Buffer.alloc(32) });
  const count = async (table: 'invoices' | 'submissions' | 'staged_parts') => {
    const { rows } = await ledger.pool.query(`SELECT FROM ${table}`);
    return rows.length;
  };
  const api = await install.startApi();
  const nip = await sellerOf(api.client);
  const invoices = todays(nip, INVOICES, 'FV').map(({ xml }) => ({ xml }));
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(Buffer.from(JSON.stringify({ invoices }).slice(0, -2))),
  });
  const call = fetch(`${api.url}/v1/sellers/${nip}/invoices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as RequestInit);
  const broken = expect(call).rejects.toThrow();
  await eventually(async () => (await count('staged_parts')) > 0, {
    what: 'something staged',
    timeoutMs: 60_000,
  });
  api.signal('SIGKILL');
  await broken;
  await api.ended;
  expect(await count('invoices')).toBe(0);
  expect(await count('submissions')).toBe(0);
  expect(await count('staged_parts')).toBeGreaterThan(0);
  const later = new Date(Date.now() + HOURS_LATER_MS);
  await ledger.tidy(later, later);
  expect(await count('staged_parts')).toBe(0);
  await ledger.close();
});
