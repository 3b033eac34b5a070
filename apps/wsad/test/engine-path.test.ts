import { afterEach, describe, expect, it } from 'vitest';
import { startPath } from './support/path.ts';

let path: Awaited<ReturnType<typeof startPath>>;
afterEach(async () => await path.close());

describe('the path from ledger to KSeF and back', () => {
  it('takes sixty invoices through one batch session to KSeF numbers and a UPO', async () => {
    path = await startPath();
    await path.putToken();
    const results = await path.submit(60, 'A');
    await path.queue.settle(path.world);
    const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    expect(ids).toHaveLength(60);
    const invoices = await Promise.all(ids.map((id) => path.ledger.invoice(id, 'all')));
    expect(invoices.map((invoice) => invoice?.state)).toEqual(Array(60).fill('cleared'));
    expect(path.emulator.control.stats().sessions).toEqual({ batch: 1, online: 0 });
    expect(path.emulator.control.stats().rateLimited).toBe(0);
  });

  it('takes five interactively', async () => {
    path = await startPath();
    await path.putToken();
    await path.submit(5, 'B');
    await path.queue.settle(path.world);
    expect(path.emulator.control.stats()).toMatchObject({ sessions: { batch: 0, online: 1 }, registered: 5 });
  });
});
