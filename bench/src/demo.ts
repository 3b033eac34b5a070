/** `npm run demo` as a measuring device: the main job from HTTP call to stored UPO, emulator and all on this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const DEMO = fileURLToPath(new URL('../../apps/wsad/src/demo.ts', import.meta.url));

const demoLine = z.object({
  invoices: z.number(),
  cleared: z.number(),
  batchSessions: z.number(),
  elapsedMs: z.number(),
  acceptedMs: z.number(),
  lastAcceptedToLastNumberMs: z.number(),
  rateLimited: z.number(),
});

export type DemoLine = z.infer<typeof demoLine>;

/** Throws where not every invoice got through. */
export async function runDemo(args: readonly string[]): Promise<DemoLine> {
  const child = spawn(process.execPath, [DEMO, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the demo ended with ${String(code)}`);
  const line = demoLine.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
  if (line.cleared !== line.invoices)
    throw new Error(`${line.cleared} of ${line.invoices} invoices got through`);
  return line;
}
