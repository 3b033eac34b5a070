import { beforeEach, describe, expect, it } from 'vitest';
import { dispatchLane, sendSession } from '../src/index.ts';
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
import { LANE } from './support/state.ts';
import { START, type TestWorld, testWorld } from './support/world.ts';

let test: TestWorld;
const plan: Partial<Record<Operation, (Strike | null)[]>> = {};
beforeEach(async () => {
  for (const operation of Object.keys(plan)) Reflect.deleteProperty(plan, operation);
  test = testWorld({ strike: inTurn(plan) });
  test.acceptMany(6);
  await dispatchLane(test.world, LANE);
});

const send = () => sendSession(test.world, 'session-1');
const state = () => test.state.sessions.get('session-1')?.state;
const calls = (operation: Operation) => test.model.calls.filter((call) => call === operation).length;

describe('a close that was not answered well', () => {
  it.each([
    ['no answer', unanswered('closeBatch')],
    ['500', answered('closeBatch', 500)],
    ['21173', answered('closeBatch', 400, 21173)],
    ['403', answered('closeBatch', 403)],
  ])('(%s) although it worked is asked after and not repeated', async (_, error) => {
    plan.closeBatch = [after(error)];
    expect(await send()).toEqual({ kind: 'done' });
    expect(state()).toBe('closed');
    expect(calls('closeBatch')).toBe(1);
    expect(calls('sessionStatus')).toBe(1);
  });

  it.each([
    ['no answer', unanswered('closeBatch')],
    ['503', answered('closeBatch', 503)],
    ['21184', answered('closeBatch', 400, 21184)],
    ['400', answered('closeBatch', 400)],
  ])('(%s) and did not work is repeated later; the session is never given up', async (_, error) => {
    plan.closeBatch = [before(error)];
    expect(await send()).toMatchObject({ kind: 'snooze' });
    expect(state()).toBe('closing');
    test.pass(120_000);
    expect(await send()).toEqual({ kind: 'done' });
    expect(state()).toBe('closed');
    expect(test.model.sessions.size).toBe(1);
  });

  it('and cannot be asked after stays as it is: its fate is unknown', async () => {
    plan.closeBatch = [after(unanswered('closeBatch'))];
    plan.sessionStatus = [before(answered('sessionStatus', 503)), before(answered('sessionStatus', 502))];
    for (const _ of [1, 2]) {
      expect(await send()).toMatchObject({ kind: 'snooze' });
      expect(state()).toBe('closing');
      test.pass(120_000);
    }
    expect(await send()).toEqual({ kind: 'done' });
    expect(calls('closeBatch')).toBe(1);
    await test.settle();
    expect(test.model.sentTwice).toEqual([]);
  });

  it('and of whose session KSeF knows nothing is left to the poller, which asks on and repeats nothing', async () => {
    plan.closeBatch = [before(answered('closeBatch', 400, 21173))];
    plan.sessionStatus = [before(answered('sessionStatus', 400, 21173))];
    expect(await send()).toEqual({ kind: 'done' });
    expect(state()).toBe('closed');
    await test.settle();
    expect([...test.state.invoices.values()].every((invoice) => invoice.state === 'cleared')).toBe(true);
    expect(test.model.sentTwice).toEqual([]);
    expect(test.model.sessions.size).toBe(1);
  });

  it.each([[answered('closeBatch', 429)], [overLimit(START)]])(
    'because of a limit simply waits: %s',
    async (error) => {
      plan.closeBatch = [before(error)];
      const until = new Date(START.getTime() + 1_000);
      expect(await send()).toMatchObject({ kind: 'snooze', until });
      expect(calls('sessionStatus')).toBe(0);
    },
  );
});

it('asks first where somebody may have closed before: a crash came after the record and before the answer', async () => {
  plan.closeBatch = [after(unanswered('closeBatch'))];
  plan.sessionStatus = [before(answered('sessionStatus', 502))];
  await send();
  test.pass(120_000);
  const before120 = test.model.calls.length;
  await send();
  expect(test.model.calls.slice(before120)).toEqual(['sessionStatus']);
  expect(state()).toBe('closed');
});

it('sends the invoices again where KSeF says on closing that the parts never arrived', async () => {
  plan.uploadPart = [{ when: 'instead' }];
  expect(await send()).toEqual({ kind: 'done' });
  expect(state()).toBe('failed');
  await test.settle();
  expect([...test.state.invoices.values()].every((invoice) => invoice.state === 'cleared')).toBe(true);
  expect(test.model.sentTwice).toEqual([]);
});
