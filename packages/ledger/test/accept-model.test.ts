import type { AcceptResult } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, type InvoiceWish, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { WAYS } from './support/ways.ts';

seeded();
let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

interface Kept {
  readonly context: number;
  readonly content: string;
}

/** What accepting means, in a few lines: live invoices by issuer, kind and number. */
class Model {
  readonly live = new Map<string, Kept>();

  accept(context: number, wish: InvoiceWish): string {
    const identity = `${wish.issuerNip}|${wish.kind}|${wish.number}`;
    const content = `${identity}|${wish.content}`;
    const kept = this.live.get(identity);
    if (kept === undefined) {
      this.live.set(identity, { context, content });
      return 'accepted';
    }
    if (kept.context !== context) return 'conflict unknown';
    return kept.content === content ? 'existing' : 'conflict known';
  }
}

function told(result: AcceptResult): string {
  if (result.kind !== 'conflict') return result.kind;
  return result.earlier === null ? 'conflict unknown' : 'conflict known';
}

it.each(WAYS)('%s, accepts as the model does, whatever comes in whatever calls', async (_how, accept) => {
  const wish = fc.record({
    number: fc.constantFrom('1', '2', '3', '4'),
    kind: fc.constantFrom('VAT', 'KOR'),
    issuer: fc.integer({ min: 0, max: 1 }),
    version: fc.integer({ min: 0, max: 1 }),
  });
  const calls = fc.array(
    fc.record({ context: fc.integer({ min: 0, max: 1 }), wishes: fc.array(wish, { maxLength: 12 }) }),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(calls, async (made) => {
      const nips = [newNip(), newNip()];
      const model = new Model();
      for (const { context, wishes } of made) {
        const wanted = wishes.map(({ number, kind, issuer, version }) => {
          const issuerNip = nips[issuer] ?? '';
          return { number, kind, issuerNip, content: `${issuerNip} ${kind} ${number} v${version}` };
        });
        const expected = wanted.map((one) => model.accept(context, one));
        const results = await accept(test.ledger, call(wanted, { nip: nips[context] ?? '' }));
        expect(results.map(told)).toEqual(expected);
        expect(results.map(({ position }) => position)).toEqual(wanted.map((_, index) => index));
      }
    }),
    { numRuns: 60 },
  );
});
