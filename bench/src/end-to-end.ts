/** The main job from HTTP call to stored UPO, with the emulator on the same machine: what `npm run demo` measures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Benchmark, Figures } from './measure.ts';

const DEMO = fileURLToPath(new URL('../../apps/wsad/src/demo.ts', import.meta.url));

const demoLine = z.object({
  invoices: z.number(),
  cleared: z.number(),
  elapsedMs: z.number(),
  acceptedMs: z.number(),
  rateLimited: z.number(),
});

export const endToEnd: Benchmark = {
  name: 'end-to-end',
  what: 'the demo: 500 invoices at realistic and instant speed, 10,000 at instant speed',
  async run({ smoke = false } = {}) {
    if (smoke) return demo('instant20', ['--invoices', '20', '--speed', 'instant']);
    return {
      ...(await demo('realistic500', ['--invoices', '500', '--speed', 'realistic'])),
      ...(await demo('instant500', ['--invoices', '500', '--speed', 'instant'])),
      ...(await demo('instant10000', ['--invoices', '10000', '--speed', 'instant'])),
    };
  },
};

async function demo(name: string, args: readonly string[]): Promise<Figures> {
  const child = spawn(process.execPath, [DEMO, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the demo ended with ${String(code)}`);
  const line = demoLine.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
  if (line.cleared !== line.invoices)
    throw new Error(`${line.cleared} of ${line.invoices} invoices got through`);
  return {
    [`${name}AcceptedMs`]: line.acceptedMs,
    [`${name}ElapsedMs`]: line.elapsedMs,
    [`${name}RateLimited`]: line.rateLimited,
  };
}
