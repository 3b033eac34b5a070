/** The main job from HTTP call to stored UPO, with the emulator on the same machine: what `npm run demo` measures. */
import { type DemoLine, runDemo } from './demo.ts';
import type { Benchmark, Figures } from './measure.ts';

/** A busy moment of the machine makes what keeps both cores busy longer by half: it is done so often, and the run in the middle counts. */
const RUNS = 3;

export const endToEnd: Benchmark = {
  name: 'end-to-end',
  what: 'the demo: 500 invoices at realistic and instant speed, 10,000 at instant speed without the XSD check of KSeF',
  async run({ smoke = false }: { smoke?: boolean } = {}) {
    const [few, many] = smoke ? ['20', '50'] : ['500', '10000'];
    const runs = smoke ? 1 : RUNS;
    return {
      ...(await demo('realistic500', ['--invoices', few, '--speed', 'realistic'], 1)),
      ...(await demo('instant500', ['--invoices', few, '--speed', 'instant'], runs)),
      ...(await demo('instant10000', ['--invoices', many, '--speed', 'instant', '--no-xsd'], runs)),
    };
  },
};

/** Of the run in the middle by `elapsedMs`; how long the slowest took, and the answers 429 of all. */
async function demo(name: string, args: readonly string[], runs: number): Promise<Figures> {
  const lines: DemoLine[] = [];
  for (let run = 0; run < runs; run += 1) lines.push(await runDemo(args));
  lines.sort((left, right) => left.elapsedMs - right.elapsedMs);
  const middle = lines[Math.floor(runs / 2)];
  const slowest = lines.at(-1);
  if (middle === undefined || slowest === undefined) throw new RangeError(`${runs} runs have no middle`);
  return {
    [`${name}AcceptedMs`]: middle.acceptedMs,
    [`${name}LastAcceptedToLastNumberMs`]: middle.lastAcceptedToLastNumberMs,
    [`${name}ElapsedMs`]: middle.elapsedMs,
    ...(runs > 1 && { [`${name}SlowestElapsedMs`]: slowest.elapsedMs }),
    [`${name}RateLimited`]: lines.reduce((sum, { rateLimited }) => sum + rateLimited, 0),
  };
}
