import { makeInvoice } from '@wsad/samples';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NIP } from './support/path.ts';
import { startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const MINUTE_MS = 60_000;
const LANE = { nip: NIP, form: 'FA (3)', mode: 'online' } as const;
const OPENINGS = ['POST /sessions/batch', 'POST /sessions/online'];

let path: VirtualPath;
beforeEach(async () => {
  path = await startVirtualPath();
});
afterEach(() => path.close());

const invoices = (count: number, prefix = 'FV') =>
  Array.from({ length: count }, (_, seed) =>
    makeInvoice({ nip: NIP, number: `${prefix}/${seed + 1}`, issueDate: '2026-11-16', seed }),
  );
const token = (permissions: string[]) => path.emulator.control.issueToken(NIP, permissions).token;
const calls = (operation: string) => path.emulator.control.calls()[operation] ?? 0;
const openings = () => OPENINGS.map(calls);
const built = () => path.events.filter(({ type }) => type === 'session.packaged').length;

async function heldFor(): Promise<(string | null)[]> {
  const page = await path.ledger.invoicesPage({ nip: NIP }, 'all', null, 100);
  return page.items.map(({ holdCause }) => holdCause);
}

describe('a login that lacks the permission to send', () => {
  it.each([1, 6])(
    'holds %i before anything is built or opened, and new credentials send them',
    async (count) => {
      await path.putToken(NIP, token(['InvoiceRead', 'Introspection']));
      await path.submit(NIP, invoices(count));
      await path.rest(10 * MINUTE_MS);
      expect({ openings: openings(), built: built() }).toEqual({ openings: [0, 0], built: 0 });
      expect(await heldFor()).toEqual(Array.from({ length: count }, () => 'permission_missing'));
      await path.submit(NIP, invoices(1, 'LATER'));
      expect(await heldFor()).toHaveLength(count + 1);
      await path.putToken(NIP, token(['InvoiceWrite']));
      await path.rest(10 * MINUTE_MS);
      expect(path.emulator.control.registry()).toHaveLength(count + 1);
    },
  );
});

describe('a permission that is taken away while invoices are being sent', () => {
  it('settles what has gone, holds the rest with the words of KSeF, and sends it once it is back', async () => {
    await path.putToken(NIP, token(['InvoiceWrite']));
    path.emulator.control.addFault({
      operation: 'POST /sessions/online/{ref}/invoices',
      refusal: { kind: 'missingPermissions', anyOf: ['InvoiceWrite'] },
      skip: 2,
      times: 10_000,
    });
    await path.submit(NIP, invoices(5));
    await path.rest(10 * MINUTE_MS);
    expect(path.emulator.control.registry()).toHaveLength(2);
    expect((await heldFor()).filter((cause) => cause === 'permission_missing')).toHaveLength(3);
    path.emulator.control.clearFaults();
    await path.putToken(NIP, token(['InvoiceWrite']));
    await path.world.doorbell.dispatch(LANE);
    await path.rest(10 * MINUTE_MS);
    expect(path.emulator.control.registry()).toHaveLength(5);
  });
});
