/** A lane: a process with servers of its own that plays one run after another for whoever started it. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { planOf } from './plan.ts';
import { playRun } from './run.ts';
import { openStores } from './stores.ts';

const order = z.object({ seed: z.number(), pace: z.enum(['quick', 'whole']), folder: z.string() });

const stores = await openStores();

process.on('message', async (message) => {
  const { seed, pace, folder } = order.parse(message);
  const plan = planOf(seed, pace);
  try {
    const result = await playRun({ plan, stores, folder });
    if (result.findings.length === 0) await rm(folder, { recursive: true, force: true });
    process.send?.({ kind: 'played', result });
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ kind: 'broken', seed, why });
  }
});
process.once('disconnect', async () => {
  await stores.close();
  process.exit(0);
});
process.send?.({ kind: 'ready' });
