/** A seller on the path in virtual time: its invoices accepted, and what became of them at wsad and at KSeF. */
import { warsawDay } from '@wsad/domain';
import { expect } from 'vitest';
import { invoicesOf, newSeller } from './sellers.ts';
import type { VirtualPath } from './virtual-path.ts';

export interface Sent {
  readonly nip: string;
  readonly ids: readonly string[];
}

export async function accepted(
  path: VirtualPath,
  count: number,
  { nip = newSeller(), attachment = false, prefix = 'F' } = {},
): Promise<Sent> {
  await path.putToken(nip, `token of ${nip}`);
  const wish = { attachment, issueDate: warsawDay(path.time.now()) };
  const files = invoicesOf(nip, count, prefix, wish).map(({ xml }) => xml);
  const results = await path.submit(nip, files);
  return { nip, ids: results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : [])) };
}

export async function invoicesIn({ ledger }: VirtualPath, ids: readonly string[]) {
  const found = await Promise.all(ids.map((id) => ledger.invoice(id, 'all')));
  return found.filter((invoice) => invoice !== null);
}

/** Numbers by state; and KSeF holds exactly the cleared ones, each once, under the number that wsad tells. */
export async function outcome(path: VirtualPath, { nip, ids }: Sent) {
  const invoices = await invoicesIn(path, ids);
  const cleared = invoices.filter(({ state }) => state === 'cleared');
  const registered = path.emulator.control.registry().filter((entry) => entry.nip === nip);
  const held = (each: readonly { sha256: string; ksefNumber: string | null }[]) =>
    each.map(({ sha256, ksefNumber }) => `${sha256} ${ksefNumber}`).sort();
  expect(held(registered)).toEqual(held(cleared));
  expect(path.emulator.control.stats().rateLimited).toBe(0);
  const others = invoices.filter(({ state }) => state !== 'cleared');
  return {
    cleared: cleared.length,
    others: others.map(({ invoiceNumber, state, holdCause }) => [invoiceNumber, state, holdCause]),
  };
}
