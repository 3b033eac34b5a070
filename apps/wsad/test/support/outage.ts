/** What a caller does while something of wsad is away, and what must be true once it is back. */
import type { SampleInvoice } from '@wsad/samples';
import { eventually } from '@wsad/testkit';
import { expect } from 'vitest';
import { z } from 'zod';
import { type ApiProcess, type RoleProcess, todays } from './processes.ts';

const PATIENCE_MS = 60_000;
const problem = z.object({ code: z.string(), status: z.number(), title: z.string() });

/** Hands in, whatever comes of it: a problem of the catalogue that says when to come again, or the submission. */
export async function handedIn(
  { url, adminToken }: ApiProcess,
  nip: string,
  prefix: string,
  count: number,
  wish: Partial<SampleInvoice> = {},
) {
  const answer = await fetch(`${url}/v1/sellers/${nip}/invoices`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ invoices: todays(nip, count, prefix, wish) }),
  });
  if (answer.status === 202) return 'accepted';
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const { code, status } = problem.parse(await answer.json());
  expect(status).toBe(answer.status);
  return code;
}

export async function acceptedAgain(
  api: ApiProcess,
  nip: string,
  prefix: string,
  count: number,
): Promise<void> {
  await eventually(async () => (await handedIn(api, nip, prefix, count)) === 'accepted', {
    timeoutMs: PATIENCE_MS,
    intervalMs: 200,
    what: 'accepting again',
  });
}

export async function allClearedOf(api: ApiProcess, nip: string, count: number): Promise<void> {
  const cleared = async () => {
    const invoices = await api.client.invoices(nip);
    return invoices.filter(({ state }) => state === 'cleared').length === count;
  };
  await eventually(cleared, { timeoutMs: PATIENCE_MS, intervalMs: 200, what: 'the end of all invoices' });
}

/** They lived through it: nobody had to start them anew. */
export async function drained(processes: readonly RoleProcess[]): Promise<void> {
  for (const process of processes) process.signal('SIGTERM');
  for (const process of processes) expect(await process.ended).toEqual({ code: 0, signal: null });
}
