/** What must be true whatever went wrong on the way. */
import { isKsefNumber } from '@wsad/domain';
import { expect } from 'vitest';
import type { Entry, Invoice } from './api-client.ts';
import { sha256Of } from './sellers.ts';
import type { System } from './system.ts';

/**
 * Every one of these invoices of the seller is cleared with a valid number, and KSeF holds exactly their bytes under
 * exactly those numbers, each once and nothing besides. Answers them in the order of `entries`.
 */
export async function expectRegisteredOnce(
  { api, emulator }: System,
  nip: string,
  entries: readonly Entry[],
): Promise<Invoice[]> {
  const invoices = await api.invoices(nip);
  const told = new Map(invoices.map((invoice) => [invoice.sha256, invoice]));
  const inOrder = entries.flatMap(({ xml }) => told.get(sha256Of(xml)) ?? []);
  expect(inOrder.map(({ state }) => state)).toEqual(entries.map(() => 'cleared'));
  expect(inOrder.filter(({ ksefNumber }) => !isKsefNumber(ksefNumber ?? ''))).toEqual([]);
  const held = emulator.control.registry().filter((registered) => registered.nip === nip);
  const bySha256 = ([left]: [string, string], [right]: [string, string]) => (left < right ? -1 : 1);
  expect(held.map(({ sha256, ksefNumber }): [string, string] => [sha256, ksefNumber]).sort(bySha256)).toEqual(
    inOrder.map(({ sha256, ksefNumber }): [string, string] => [sha256, ksefNumber ?? '']).sort(bySha256),
  );
  return inOrder;
}
