/** The main job from HTTP call to stored UPO, with the emulator on the same machine: what `npm run demo` measures. */
import { runDemo } from './demo.ts';
import type { Benchmark, Figures } from './measure.ts';

export const endToEnd: Benchmark = {
  name: 'end-to-end',
  what: 'the demo: 500 invoices at realistic and instant speed, 10,000 at instant speed without the XSD check of KSeF',
  async run({ smoke = false }: { smoke?: boolean } = {}) {
    const [few, many] = smoke ? ['20', '50'] : ['500', '10000'];
    return {
      ...(await demo('realistic500', ['--invoices', few, '--speed', 'realistic'])),
      ...(await demo('instant500', ['--invoices', few, '--speed', 'instant'])),
      ...(await demo('instant10000', ['--invoices', many, '--speed', 'instant', '--no-xsd'])),
    };
  },
};

async function demo(name: string, args: readonly string[]): Promise<Figures> {
  const line = await runDemo(args);
  return {
    [`${name}AcceptedMs`]: line.acceptedMs,
    [`${name}LastAcceptedToLastNumberMs`]: line.lastAcceptedToLastNumberMs,
    [`${name}ElapsedMs`]: line.elapsedMs,
    [`${name}RateLimited`]: line.rateLimited,
  };
}
