import type { SessionInvoice } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { sha256 } from './support/state.ts';
import { type TestWorld, testWorld } from './support/world.ts';

const OTHER_BYTES = sha256(Buffer.from('other bytes'));

/** Settles what was sent, while KSeF's list says `told` instead of what it knows of FV/1. */
async function settled(texts: readonly string[], told: Partial<SessionInvoice>): Promise<TestWorld> {
  const test = testWorld({ disguise: (status) => ({ ...status, upoPages: [] }) });
  const { ksef } = test.world;
  async function* sessionInvoices(
    ...call: Parameters<typeof ksef.sessionInvoices>
  ): AsyncGenerator<SessionInvoice> {
    for await (const entry of ksef.sessionInvoices(...call)) {
      const isFirst = entry.sha256 === sha256(Buffer.from(texts[0] ?? ''));
      yield isFirst ? { ...entry, ...told } : entry;
    }
  }
  test.accept(...texts);
  await test.settle({ ...test.world, ksef: { ...ksef, sessionInvoices } });
  return test;
}

const states = ({ state }: TestWorld) => [...state.invoices.values()].map((invoice) => invoice.state);
const WAYS = [
  ['batch', ['FV/2', 'FV/3', 'FV/4', 'FV/5', 'FV/6']],
  ['interactive', ['FV/2']],
] as const;

describe.each(WAYS)('an entry of the list (%s)', (_kind, neighbours) => {
  it.each([
    ['no hash', null],
    ['a hash of nothing of ours', OTHER_BYTES],
  ])('with %s is told by the name under which the invoice went', async (_, hash) => {
    const test = await settled(['FV/1 450', ...neighbours], { sha256: hash });
    expect(states(test)).toEqual(['rejected', ...neighbours.map(() => 'cleared')]);
    expect(test.model.sessions.size).toBe(1);
  });

  it('with neither tells nothing: the invoice goes again', async () => {
    const nothing = { sha256: null, fileName: 'other.xml', reference: 'other' };
    const test = await settled(['FV/1 450', ...neighbours], nothing);
    expect(states(test)).toEqual(['held', ...neighbours.map(() => 'cleared')]);
    expect(test.model.sessions.size).toBe(3);
  });

  it('that registers other bytes under the name of ours clears nothing: a person must look', async () => {
    const test = await settled(['FV/1', ...neighbours], { sha256: OTHER_BYTES });
    expect(states(test)).toEqual(['held', ...neighbours.map(() => 'cleared')]);
    const [first] = [...test.state.invoices.values()];
    expect(first?.ksefNumber).toBeNull();
    expect(first?.verdict?.details).toEqual([expect.stringContaining('with other bytes')]);
    expect(test.model.sessions.size).toBe(1);
  });
});
