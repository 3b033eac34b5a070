/** How long the event loop was kept from other work, and what the work cost all threads together. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS_PER_MS = 1e6;

export interface Watched {
  loopP99Ms: number;
  cpuMs: number;
}

export async function watched(work: () => Promise<unknown> | unknown): Promise<Watched> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  return { loopP99Ms: delay.percentile(99) / NANOSECONDS_PER_MS, cpuMs: (user + system) / 1000 };
}

/** The least of a few rounds. */
export async function watchedBest(rounds: number, work: () => Promise<unknown> | unknown): Promise<Watched> {
  let best = await watched(work);
  for (let round = 1; round < rounds; round += 1) {
    const { loopP99Ms, cpuMs } = await watched(work);
    best = { loopP99Ms: Math.min(best.loopP99Ms, loopP99Ms), cpuMs: Math.min(best.cpuMs, cpuMs) };
  }
  return best;
}
