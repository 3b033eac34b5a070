/** The emulator in a process of its own, as KSeF would be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const stats = z.object({
  rateLimited: z.number(),
  sessions: z.object({ batch: z.number(), online: z.number() }),
});

export interface EmulatorProcess {
  readonly baseUrl: string;
  stats(): Promise<z.infer<typeof stats>>;
  stop(): Promise<void>;
}

export async function startEmulatorProcess(
  port: number,
  speed: 'instant' | 'realistic',
  xsd = true,
): Promise<EmulatorProcess> {
  const main = fileURLToPath(import.meta.resolve('@wsad/emulator/main'));
  const args = ['--port', String(port), '--speed', speed, ...(xsd ? [] : ['--no-xsd'])];
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([once(lines, 'line'), exited.then(() => [null])]);
  if (first === null) throw new Error('the emulator did not start');
  const origin = `http://127.0.0.1:${port}`;
  return {
    baseUrl: `${origin}/v2`,
    async stats() {
      const response = await fetch(`${origin}/_emulator/stats`);
      return stats.parse(await response.json());
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
