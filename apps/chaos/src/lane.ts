/** A lane: a process with servers of its own that plays one run after another for whoever started it. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Plant } from './fleet.ts';
import type { Plan } from './plan.ts';
import { playRun } from './run.ts';
import { openStores } from './stores.ts';

const order = z.object({
  plan: z.custom<Plan>((value) => typeof value === 'object'),
  folder: z.string(),
  plants: z.custom<readonly Plant[]>((value) => Array.isArray(value)),
  patienceMs: z.number().optional(),
});

const stores = await openStores();

process.on('message', async (message) => {
  const { plan, folder, plants, patienceMs } = order.parse(message);
  try {
    const patience = patienceMs === undefined ? {} : { patienceMs };
    const result = await playRun({ plan, stores, folder, plants, ...patience });
    if (result.findings.length === 0) await rm(folder, { recursive: true, force: true });
    process.send?.({ kind: 'played', result });
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ kind: 'broken', why });
  }
});
// A Ctrl+C reaches the whole group: the end of the one who started us is the sign to end.
process.on('SIGINT', () => {});
process.once('disconnect', async () => {
  await stores.close();
  process.exit(0);
});
process.send?.({ kind: 'ready' });
