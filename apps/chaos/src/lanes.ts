/** Plays many runs, some side by side, each lane in a process of its own with servers of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { findingNames } from './checker.ts';
import type { Pace } from './plan.ts';
import type { RunResult } from './run.ts';

export interface Orders {
  readonly seeds: readonly number[];
  readonly pace: Pace;
  readonly lanes: number;
  /** Where the folders of runs with findings stay. */
  readonly folder: string;
  /** No run begins after this. */
  readonly until?: AbortSignal;
  readonly onPlayed: (result: RunResult) => void;
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
const broken = z.object({ kind: z.literal('broken'), seed: z.number(), why: z.string() });

/** A run that could not be played to its end is an error of the harness, and ends all. */
export async function playAll(orders: Orders): Promise<void> {
  const seeds = [...orders.seeds];
  await Promise.all(
    Array.from({ length: Math.min(orders.lanes, seeds.length) }, () => playLane(orders, seeds)),
  );
}

async function playLane(orders: Orders, seeds: number[]): Promise<void> {
  const lane = fork(join(import.meta.dirname, 'lane.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    await messageOf(lane);
    for (;;) {
      const seed = orders.until?.aborted === true ? undefined : seeds.shift();
      if (seed === undefined) return;
      lane.send({ seed, pace: orders.pace, folder: join(orders.folder, String(seed)) });
      orders.onPlayed(resultOf(await messageOf(lane)));
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

function resultOf(message: unknown): RunResult {
  const failed = broken.safeParse(message);
  if (failed.success) throw new Error(`run ${failed.data.seed} could not be played: ${failed.data.why}`);
  return played.parse(message).result;
}
