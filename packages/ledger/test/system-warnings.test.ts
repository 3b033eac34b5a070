import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestLedger, testLedger } from './support/ledger.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const at = (hours: number): Date => new Date(Date.parse('2026-10-20T10:00:00Z') + hours * 3_600_000);
const warnings = async (hours: number) => (await test.ledger.connection(at(hours))).warnings;

it('an announcement is kept from when until when it was said, and gone after a day unseen', async () => {
  const { ledger } = test;
  await ledger.recordSystemWarning('[10]: Przerwa', at(0));
  await ledger.recordSystemWarning('[10]: Przerwa', at(5));
  await ledger.recordSystemWarning('[10]: Przerwa', at(3));
  await ledger.recordSystemWarning('[11]: Nowa wersja', at(6));
  const outage = { text: '[10]: Przerwa', since: at(0), lastSeenAt: at(5) };
  expect(await warnings(7)).toEqual([outage, { text: '[11]: Nowa wersja', since: at(6), lastSeenAt: at(6) }]);
  expect((await warnings(29)).map(({ text }) => text)).toEqual(['[11]: Nowa wersja']);
  await ledger.recordSystemWarning('[10]: Przerwa', at(40));
  expect(await warnings(40)).toEqual([{ ...outage, since: at(40), lastSeenAt: at(40) }]);
});

it('only the last twenty are kept', async () => {
  for (let hour = 0; hour < 23; hour += 1)
    await test.ledger.recordSystemWarning(`[${hour}]: ogłoszenie`, at(100 + hour / 10));
  const texts = (await warnings(103)).map(({ text }) => text);
  expect(texts).toHaveLength(20);
  expect(texts).not.toContain('[2]: ogłoszenie');
  expect(texts).toContain('[3]: ogłoszenie');
});
