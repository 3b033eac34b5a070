import { describe, expect, it } from 'vitest';
import { logIn, withAccess } from '../src/index.ts';
import { NIP } from './support/state.ts';
import { testWorld } from './support/world.ts';

const MINUTE_MS = 60_000;

describe('a login that lacks the permission to send', () => {
  const opens = (calls: readonly string[]) => calls.filter((call) => call.startsWith('open'));

  it.each([
    [1, ['InvoiceRead']],
    [6, ['InvoiceRead']],
    [6, []],
  ])('holds all that waits (%i) before a session is opened, with %j', async (count, permissions) => {
    const { acceptMany, settle, model, events } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(count);
    await settle();
    expect(invoices.map(({ holdCause }) => holdCause)).toEqual(invoices.map(() => 'permission_missing'));
    expect(opens(model.calls)).toEqual([]);
    expect(events.filter(({ type }) => type === 'session.packaged')).toEqual([]);
  });

  it.each([
    ['the owner', ['Owner']],
    ['one that claims nothing', null],
  ])('is not %s', async (_, permissions) => {
    const { acceptMany, settle } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(2);
    await settle();
    expect(invoices.map(({ state }) => state)).toEqual(['cleared', 'cleared']);
  });

  it('is followed to the end with what it has sent already', async () => {
    const { world } = testWorld({ permissions: () => ['InvoiceRead'] });
    await expect(withAccess(world, NIP, null, async () => 'read')).resolves.toBe('read');
  });

  it('sends by itself once a later login shows the permission', async () => {
    let permissions = ['InvoiceRead'];
    const { world, acceptMany, settle, queue, pass } = testWorld({ permissions: () => permissions });
    const invoices = acceptMany(6);
    await settle();
    permissions = ['InvoiceRead', 'InvoiceWrite'];
    pass(15 * MINUTE_MS);
    await logIn(world, NIP);
    expect(queue.rung()).toContain('dispatch');
    await queue.turn(world, () => invoices.every(({ state }) => state === 'cleared'));
  });
});
