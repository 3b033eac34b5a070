import type { DispatchDecision } from '@wsad/domain';
import { expect, it } from 'vitest';
import { dispatchLane, rescue, type World } from '../src/index.ts';
import { LANE } from './support/state.ts';
import { START, testWorld } from './support/world.ts';

it.each([
  [6, 'batch'],
  [5, 'interactive'],
] as const)('makes of %i invoices one %s session and rings for it', async (count, kind) => {
  const { world, acceptMany, queue, events } = testWorld();
  acceptMany(count);
  expect(await dispatchLane(world, LANE)).toEqual({ kind: 'done' });
  expect(queue.rung()).toEqual(['send session-1']);
  expect(events).toMatchObject([{ type: 'session.claimed', kind, invoices: count }]);
});

it('has nothing to do where nothing waits', async () => {
  const { world, queue } = testWorld();
  expect(await dispatchLane(world, LANE)).toEqual({ kind: 'done' });
  expect(queue.rung()).toEqual([]);
});

it.each<[DispatchDecision, object]>([
  [
    { kind: 'wait', until: new Date('2026-11-22T10:00:00Z'), why: 'budget' },
    { kind: 'snooze', until: new Date('2026-11-22T10:00:00Z'), why: 'waiting for budget' },
  ],
  [
    { kind: 'send', claims: [], more: true },
    { kind: 'snooze', until: START },
  ],
  [{ kind: 'send', claims: [], more: false }, { kind: 'done' }],
  [{ kind: 'idle' }, { kind: 'done' }],
])('turns the decision %o into its outcome', async (decision, outcome) => {
  const { world } = testWorld();
  const ledger = { ...world.ledger, claimLane: async () => ({ decision, sessions: [] }) };
  expect(await dispatchLane({ ...world, ledger }, LANE)).toMatchObject(outcome);
});

it.each([
  ['a large lane again no sooner than five times as long after as counting took', 501, 300, 1_500],
  ['it again within two seconds, however long that took', 501, 9_000, 2_000],
  ['a small one again when the plan says', 500, 300, 400],
])('counts %s', async (_what, count, tookMs, afterMs) => {
  const { world, pass } = testWorld();
  const until = new Date(START.getTime() + 400);
  const claimLane: World['ledger']['claimLane'] = (lane, now, plan) =>
    world.ledger.claimLane(lane, now, (waiting, room) => {
      pass(tookMs);
      plan({ ...waiting, count }, room);
      return { kind: 'wait', until, why: 'budget' };
    });
  const outcome = await dispatchLane({ ...world, ledger: { ...world.ledger, claimLane } }, LANE);
  expect(outcome).toMatchObject({ kind: 'snooze', until: new Date(START.getTime() + afterMs) });
});

it('rings again for everything that the ledger says is due, and for nothing else', async () => {
  const { world, acceptMany, accept, queue, pass } = testWorld();
  acceptMany(6);
  await dispatchLane(world, LANE);
  queue.clear();
  accept('FV/late');
  expect(await rescue(world)).toEqual({ dispatch: 1, send: 1, follow: 0 });
  expect(queue.rung()).toEqual(['dispatch', 'send session-1']);
  await queue.turn(world, () => queue.rung().every((id) => id.startsWith('follow')));
  queue.clear();
  pass(60_000);
  expect(await rescue(world)).toMatchObject({ dispatch: 0, send: 0, follow: 2 });
});
