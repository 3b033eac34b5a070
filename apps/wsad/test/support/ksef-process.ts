/** The emulator as a process of its own, so that it lives on while wsad is killed; looked into by its controls. */
import { findFreePort } from '@wsad/embedded';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { startEmulatorProcess } from '../../src/demo/emulator-process.ts';

const stats = z.object({
  calls: z.record(z.string(), z.number()),
  rateLimited: z.number(),
  registered: z.number(),
  sessions: z.object({ batch: z.number(), online: z.number() }),
});
const registry = z.array(
  z.object({ nip: z.string(), number: z.string(), ksefNumber: z.string(), session: z.string() }),
);

export type Registered = z.infer<typeof registry>[number];

export interface KsefProcess {
  readonly baseUrl: string;
  /** How often this call has arrived, by its template in the specification. */
  calls(operation: string): Promise<number>;
  stats(): Promise<z.infer<typeof stats>>;
  registry(): Promise<Registered[]>;
  /** The next call of this operation works, and its answer comes so late that nobody waits for it. */
  loseAnswer(operation: string): Promise<void>;
}

const NEVER_MS = 600_000;

export async function startKsef(speed: 'instant' | 'realistic' = 'realistic'): Promise<KsefProcess> {
  const emulator = await startEmulatorProcess(await findFreePort(), speed);
  onTestFinished(() => emulator.stop());
  const control = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(new URL(`/_emulator/${path}`, emulator.baseUrl), init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? null : await response.json();
  };
  return {
    baseUrl: emulator.baseUrl,
    calls: async (operation) => stats.parse(await control('stats')).calls[operation] ?? 0,
    stats: async () => stats.parse(await control('stats')),
    registry: async () => registry.parse(await control('registry')),
    async loseAnswer(operation) {
      const fault = { operation, times: 1, delayMs: NEVER_MS, afterEffect: true };
      await control('faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
    },
  };
}
