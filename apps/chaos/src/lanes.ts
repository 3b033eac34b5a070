/** Plays many runs, some side by side, each lane in a process of its own with servers of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { findingNames } from './checker.ts';
import type { Plant } from './fleet.ts';
import type { Plan } from './plan.ts';
import type { RunResult } from './run.ts';

export interface Order {
  readonly plan: Plan;
  readonly plants?: readonly Plant[];
  readonly patienceMs?: number;
}

export interface Orders {
  readonly runs: readonly Order[];
  readonly lanes: number;
  /** Once aborted no further run is begun; those under way are played to their end. */
  readonly enough?: AbortSignal;
  /** Where the folders of runs with findings stay. */
  readonly folder: string;
  readonly onPlayed: (result: RunResult, order: Order) => void;
  /** The harness itself failed. */
  readonly onBroken: (why: string, order: Order) => void;
}

const played = z.object({
  kind: z.literal('played'),
  result: z.object({
    seed: z.number(),
    findings: z.array(z.object({ name: z.enum(findingNames), what: z.string() })),
    faults: z.array(z.object({ kind: z.string(), hit: z.boolean(), recoveredMs: z.number().nullable() })),
    invoices: z.number(),
    tookMs: z.number(),
  }),
});
const broken = z.object({ kind: z.literal('broken'), why: z.string() });

export async function playAll(orders: Orders): Promise<void> {
  const runs = [...orders.runs.entries()];
  orders.enough?.addEventListener('abort', () => runs.splice(0));
  const lanes = Math.min(orders.lanes, runs.length);
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (runs.length > 0) await playLane(orders, runs);
    }),
  );
}

/** Until nothing is left to play, or one run could not be played to its end: then a lane as new goes on. */
async function playLane(orders: Orders, runs: [number, Order][]): Promise<void> {
  const lane = fork(join(import.meta.dirname, 'lane.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    await messageOf(lane);
    for (let next = runs.shift(); next !== undefined; next = runs.shift()) {
      const [place, order] = next;
      lane.send({ plants: [], ...order, folder: folderOf(orders.folder, place, order) });
      const message = await messageOf(lane);
      const failed = broken.safeParse(message);
      if (failed.success) return orders.onBroken(failed.data.why, order);
      orders.onPlayed(played.parse(message).result, order);
    }
  } finally {
    if (lane.connected) lane.disconnect();
    if (lane.exitCode === null) await once(lane, 'exit');
  }
}

async function messageOf(lane: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(lane, 'exit', { signal }).then(([code]) => {
    throw new Error(`a lane ended by itself (${String(code)})`);
  });
  try {
    const [message] = await Promise.race([once(lane, 'message', { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    done.abort();
  }
}

/** Where a run keeps its logs, and what was seen. */
export function folderOf(folder: string, place: number, { plan }: Order): string {
  return join(folder, `${place + 1}-seed-${plan.seed}`);
}
