import { makeInvoice } from '@wsad/samples';
import { afterEach, describe, expect, it } from 'vitest';
import { consentToAttachments } from './support/elsewhere.ts';
import { NIP } from './support/path.ts';
import { startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OPEN = 'POST /sessions/batch';
const STATUS = 'GET /permissions/attachments/status';

let path: VirtualPath;
afterEach(() => path.close());

const attached = (count: number) =>
  Array.from({ length: count }, (_, seed) =>
    makeInvoice({ nip: NIP, number: `Z/${seed + 1}`, issueDate: '2026-11-16', seed, attachment: true }),
  );
const opened = () => path.emulator.control.calls()[OPEN] ?? 0;

async function invoices() {
  return (await path.ledger.invoicesPage({ nip: NIP }, 'all', null, 100)).items;
}

/** Time passes, and every ten minutes the rescue round is made. */
async function live(hours: number): Promise<void> {
  for (let left = hours * HOUR_MS; left > 0; left -= 10 * MINUTE_MS) {
    path.time.advance(10 * MINUTE_MS);
    await path.rest(MINUTE_MS);
  }
}

describe('attachments of which KSeF says that they may go, and refuses them (415)', () => {
  it('go three times, and then wait for a person, who is told both', async () => {
    path = await startVirtualPath({
      over: (world) => ({
        ...world,
        ksef: { ...world.ksef, attachmentConsent: async () => ({ allowed: true, until: null }) },
      }),
    });
    await path.putToken(NIP, 'a token');
    await path.submit(NIP, attached(2));
    await live(6);
    expect(opened()).toBe(3);
    const held = await invoices();
    expect(held).toMatchObject(
      Array(2).fill({ state: 'held', holdCause: 'attachment_consent', attempts: 3 }),
    );
    expect(held[0]?.holdDetail).toMatch(/^KSeF says that the seller may send attachments, .* retry: ./);
    await consentToAttachments(path, NIP);
    for (const { id } of held) {
      const now = path.time.now();
      await path.ledger.retryHeld({ invoiceId: id, actor: 'test', now, sellers: 'all' });
    }
    await live(1);
    expect((await invoices()).map(({ state }) => state)).toEqual(['cleared', 'cleared']);
  });
});

describe('attachments of a login that may not read whether there is consent', () => {
  it('are tried once a day, and go by themselves once there is', async () => {
    path = await startVirtualPath();
    path.emulator.control.addFault({
      operation: STATUS,
      refusal: { kind: 'missingPermissions', anyOf: ['Owner'] },
      times: 10_000,
    });
    await path.putToken(NIP, 'a token');
    await path.submit(NIP, attached(2));
    await live(23);
    expect(opened()).toBe(1);
    await live(4 * 24);
    expect(opened()).toBe(5);
    expect(await invoices()).toMatchObject(Array(2).fill({ state: 'held', holdCause: 'attachment_consent' }));
    await consentToAttachments(path, NIP);
    await live(24);
    expect((await invoices()).map(({ state }) => state)).toEqual(['cleared', 'cleared']);
  });
});
