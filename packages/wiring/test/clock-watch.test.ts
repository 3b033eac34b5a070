import { beforeEach, expect, it } from 'vitest';
import { clockWatch } from '../src/clock-watch.ts';

const NOON = Date.parse('2026-10-20T12:00:00Z');

let steadyMs: number;
let shiftMs: number;
let told: string[];
let moves: number;
let look: () => Promise<void>;
let failing: boolean;

beforeEach(() => {
  [steadyMs, shiftMs, told, moves, failing] = [0, 0, [], 0, false];
  look = clockWatch({
    clock: () => new Date(NOON + steadyMs + shiftMs),
    steadyMs: () => steadyMs,
    moved: async () => {
      moves += 1;
    },
    putBack: async (now) => {
      if (failing) throw new Error('the ledger is away');
      told.push(now.toISOString());
    },
  });
});

async function later(ms: number, movedByMs = 0): Promise<void> {
  steadyMs += ms;
  shiftMs += movedByMs;
  await look();
}

it('says nothing while the clock goes on, is slewed, or is put ahead', async () => {
  await later(1_000);
  await later(1_000, -500);
  await later(90_000);
  expect(moves).toBe(0);
  await later(1_000, 3_600_000);
  expect(told).toEqual([]);
});

it('tells once that it was put back, and of the next time again', async () => {
  await later(1_000, 3_600_000);
  await later(1_000, -3_600_000);
  await later(1_000);
  await later(1_000, -60_000);
  expect(told).toEqual(['2026-10-20T12:00:02.000Z', '2026-10-20T11:59:04.000Z']);
});

it('tells again where telling failed', async () => {
  failing = true;
  await expect(later(1_000, -60_000)).rejects.toThrow('away');
  failing = false;
  await later(1_000);
  expect(told).toEqual(['2026-10-20T11:59:02.000Z']);
});

it('says of a step in either direction that what was measured before holds no more', async () => {
  await later(1_000, 3_600_000);
  expect(moves).toBe(1);
  await later(1_000);
  await later(1_000, -60_000);
  expect(moves).toBe(2);
});
