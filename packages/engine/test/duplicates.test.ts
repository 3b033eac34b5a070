import type { KsefVerdict, SessionInvoice } from '@wsad/domain';
import { expect, it } from 'vitest';
import {
  after,
  answered,
  before,
  inTurn,
  type Operation,
  overLimit,
  type Strike,
  unanswered,
} from './support/faults.ts';
import { register } from './support/ksef-state.ts';
import { START, type TestWorld, testWorld } from './support/world.ts';

const OTHERS = ['FV/2', 'FV/3', 'FV/4', 'FV/5', 'FV/6'];

function world(strikes: Partial<Record<Operation, (Strike | null)[]>> = {}): TestWorld {
  return testWorld({ strike: inTurn(strikes) });
}

async function settled(test: TestWorld): Promise<void> {
  test.accept('FV/1', ...OTHERS);
  await test.settle();
}

const first = (test: TestWorld) => test.state.invoices.get('invoice-FV/1');
const calls = (test: TestWorld, operation: Operation) =>
  test.model.calls.filter((call) => call === operation).length;

it('is our own earlier success where the registered bytes are these', async () => {
  const test = world();
  const registered = register(test.model, 'FV/1');
  await settled(test);
  expect(first(test)).toMatchObject({ state: 'cleared', ksefNumber: registered.ksefNumber });
});

it('is somebody else’s where they are others: rejected, and KSeF says which number stands', async () => {
  const test = world();
  const registered = register(test.model, 'FV/1 of the accountant');
  await settled(test);
  expect(first(test)).toMatchObject({
    state: 'rejected',
    verdict: { code: 440, originalKsefNumber: registered.ksefNumber },
  });
});

it('is asked after in the original session first, one UPO for all of it', async () => {
  const test = world({ closeBatch: [after(unanswered('closeBatch'))] });
  test.acceptMany(6);
  await test.settle();
  // The very same invoices again, as if the ledger had been brought back from before they were cleared.
  test.state.invoices.clear();
  test.accept(...['FV/1', ...OTHERS].map((text) => text));
  await test.settle();
  expect([...test.state.invoices.values()].every(({ state }) => state === 'cleared')).toBe(true);
  expect(calls(test, 'downloadInvoice')).toBe(0);
});

it.each<[string, Partial<Record<Operation, (Strike | null)[]>>]>([
  ['KSeF does not show the invoice', { downloadInvoice: [before(answered('downloadInvoice', 403))] }],
  ['KSeF does not find it', { downloadInvoice: [before(answered('downloadInvoice', 404))] }],
])('cannot be told where %s: a person decides', async (_, strikes) => {
  const test = world(strikes);
  register(test.model, 'FV/1');
  await settled(test);
  expect(first(test)).toMatchObject({ state: 'held', holdCause: 'duplicate_unknown' });
});

/** KSeF's refusals tell this of the original, whatever is true. */
function naming(test: TestWorld, told: Partial<KsefVerdict>): TestWorld['world'] {
  const { ksef } = test.world;
  async function* sessionInvoices(
    ...call: Parameters<typeof ksef.sessionInvoices>
  ): AsyncGenerator<SessionInvoice> {
    for await (const invoice of ksef.sessionInvoices(...call)) {
      yield { ...invoice, verdict: { ...invoice.verdict, ...told } };
    }
  }
  return { ...test.world, ksef: { ...ksef, sessionInvoices } };
}

it.each([
  ['names no number', { originalKsefNumber: undefined }],
  ['names a number that is none', { originalKsefNumber: '5265877635-20261122-000000000001-00' }],
])('cannot be told where KSeF %s', async (_, told) => {
  const test = world();
  register(test.model, 'FV/1');
  test.accept('FV/1', ...OTHERS);
  await test.settle(naming(test, told));
  expect(first(test)).toMatchObject({ state: 'held', holdCause: 'duplicate_unknown' });
  expect(calls(test, 'downloadInvoice')).toBe(0);
});

it('cannot be told where KSeF names the number of another invoice, of ours or of somebody else', async () => {
  const cases = ['ours', 'somebody else'].flatMap((whose) =>
    ['FV/9', 'FV/12'].map((other) => ({ whose, other })),
  );
  for (const { whose, other } of cases) {
    const test = world();
    register(test.model, 'FV/1');
    const { ksefNumber } = register(test.model, other);
    if (whose === 'ours') {
      test.accept(other, ...OTHERS);
      await test.settle();
      expect(test.state.invoices.get(`invoice-${other}`)).toMatchObject({ state: 'cleared', ksefNumber });
    }
    test.accept('FV/1');
    await test.settle(naming(test, { originalKsefNumber: ksefNumber }));
    expect(first(test)).toMatchObject({ state: 'held', holdCause: 'duplicate_unknown' });
  }
});

it('is our own where the original session holds its bytes, whatever number KSeF names', async () => {
  const test = world({ closeBatch: [after(unanswered('closeBatch'))] });
  test.acceptMany(6);
  await test.settle();
  const before = [...test.state.invoices.values()].map(({ ksefNumber }) => ksefNumber);
  test.state.invoices.clear();
  test.accept('FV/1', ...OTHERS);
  await test.settle(naming(test, { originalKsefNumber: undefined }));
  expect([...test.state.invoices.values()].map(({ ksefNumber }) => ksefNumber)).toEqual(before);
});

it.each([
  ['over a limit', overLimit(START)],
  ['unavailable', answered('downloadInvoice', 503)],
])('that cannot be asked after now (%s) keeps nobody waiting, and is asked after later', async (_, error) => {
  const test = world({ downloadInvoice: [before(error)] });
  const registered = register(test.model, 'FV/1');
  test.accept('FV/1', ...OTHERS);
  await test.queue.doorbell.dispatch({ nip: '', form: '', mode: 'online' });
  const neighbours = () => OTHERS.map((text) => test.state.invoices.get(`invoice-${text}`)?.state);
  await test.queue.turn(test.world, () => neighbours().every((state) => state === 'cleared'));
  expect(first(test)?.state).toBe('processing');
  await test.settle();
  expect(first(test)).toMatchObject({ state: 'cleared', ksefNumber: registered.ksefNumber });
  expect(test.model.sessions.size).toBe(1);
});

it('that was asked after costs no second call while the others wait for theirs', async () => {
  const test = world({ downloadInvoice: [null, before(overLimit(START)), null, before(overLimit(START))] });
  const registered = ['FV/1', 'FV/2', 'FV/3'].map((text) =>
    register(test.model, `${text} of the accountant`),
  );
  await settled(test);
  const told = registered.map((_, index) => test.state.invoices.get(`invoice-FV/${index + 1}`));
  expect(told.map((invoice) => invoice?.state)).toEqual(registered.map(() => 'rejected'));
  expect(calls(test, 'downloadInvoice')).toBe(5);
});
