import { expect, it } from 'vitest';
import { rescue } from '../src/index.ts';
import { testWorld } from './support/world.ts';

it('rings anew, beside a job that only seems to run, for what twenty rounds on end are due, and ever less often till then', async () => {
  const { world } = testWorld();
  const rings: number[] = [];
  let due: string[] = ['session-1'];
  const quiet = {
    ...world,
    ledger: {
      ...world.ledger,
      lanesDue: async () => [],
      lanesAwaitingConsent: async () => [],
      sessionsToFollow: async () => [],
      sessionsToSend: async () => due,
    },
    doorbell: {
      ...world.doorbell,
      send: async (_id: string, anew?: number) => {
        rings.push(anew ?? 0);
      },
    },
  };
  for (let round = 0; round < 41; round += 1) await rescue(quiet);
  // In rounds 0, 1, 5, 10 and 15; in 20, 25, 30 and 35; in 40.
  expect(rings).toEqual([...Array<number>(5).fill(0), ...Array<number>(4).fill(1), 2]);
  due = [];
  await rescue(quiet);
  due = ['session-1'];
  await rescue(quiet);
  expect(rings.at(-1)).toBe(0);
});
