import { expect, it } from 'vitest';
import { confirmInvoice, type Ledger } from '../src/index.ts';
import { answered, before, inTurn, overLimit, refusedLogin, type Strike } from './support/faults.ts';
import { ksefNumberOf, register } from './support/ksef-state.ts';
import { NIP, sha256 } from './support/state.ts';
import { START, testWorld } from './support/world.ts';

async function confirmed(strikes: Parameters<typeof inTurn>[0] = {}) {
  const test = testWorld({ strike: inTurn(strikes) });
  register(test.model, 'FV/1');
  const saved: unknown[] = [];
  const ledger: Ledger = {
    ...test.world.ledger,
    confirmationSource: async (id) => (id === 'known' ? { nip: NIP, ksefNumber: ksefNumberOf(1) } : null),
    saveConfirmation: async (_, given) => void saved.push(given),
  };
  const outcome = await confirmInvoice({ ...test.world, ledger }, 'known');
  return { outcome, saved, calls: test.model.calls, world: { ...test.world, ledger } };
}

const struck = (...of: (Strike | null)[]) => ({ downloadInvoice: of });

it('keeps the hash of the bytes that KSeF gave', async () => {
  const { outcome, saved } = await confirmed();
  expect(outcome).toEqual({ kind: 'done' });
  expect(saved).toEqual([{ sha256: sha256(Buffer.from('FV/1')) }]);
});

it('has nothing to do where nothing is to be asked', async () => {
  const { world, saved } = await confirmed();
  expect(await confirmInvoice(world, 'unknown')).toEqual({ kind: 'done' });
  expect(saved).toHaveLength(1);
});

it.each([403, 404])('keeps the words of a refusal (%i)', async (status) => {
  const { outcome, saved } = await confirmed(struck(before(answered('downloadInvoice', status))));
  expect(outcome).toEqual({ kind: 'done' });
  expect(saved).toEqual([{ refusal: expect.stringContaining(`answered ${status}`) }]);
});

it('waits for a place in the window of 64 an hour', async () => {
  const { outcome, saved } = await confirmed(struck(before(overLimit(START))));
  expect(outcome).toMatchObject({ kind: 'snooze' });
  expect(saved).toEqual([]);
});

it('is tried again where KSeF broke down', async () => {
  const { outcome } = await confirmed(struck(before(answered('downloadInvoice', 502))));
  expect(outcome).toMatchObject({ kind: 'retry' });
});

it('answers with the reason where the login is refused, without asking', async () => {
  const { outcome, saved, calls } = await confirmed({ login: [before(refusedLogin(450))] });
  expect([outcome, saved]).toEqual([{ kind: 'done' }, [{ refusal: expect.stringContaining('450') }]]);
  expect(calls).not.toContain('downloadInvoice');
});
