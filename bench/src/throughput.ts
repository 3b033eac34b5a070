/** The plot of throughput: invoices a second at each stage of the path, from the figures of several benchmarks. */
import type { DrawnPlot } from './measure.ts';
import type { Results } from './results.ts';

interface Stage {
  readonly label: string;
  readonly benchmark: string;
  readonly figure: string;
  /** Where the figure is a time in ms: of so many invoices. Else it is a rate already. */
  readonly invoices?: number;
  readonly ours: boolean;
}

const STAGES: readonly Stage[] = [
  { label: 'packaging, TarGz', benchmark: 'packaging', figure: 'tarGzMs', invoices: 10_000, ours: true },
  {
    label: 'ksef-client-ts, TarGz',
    benchmark: 'packaging',
    figure: 'peerTarGzMs',
    invoices: 10_000,
    ours: false,
  },
  { label: 'packaging, Zip', benchmark: 'packaging', figure: 'zipMs', invoices: 10_000, ours: true },
  {
    label: 'ksef-client-ts, Zip',
    benchmark: 'packaging',
    figure: 'peerZipMs',
    invoices: 10_000,
    ours: false,
  },
  { label: 'checking, two threads', benchmark: 'checking', figure: 'twoThreadsPerSecond', ours: true },
  { label: 'accepting over HTTP', benchmark: 'accepting', figure: 'zipPerSecond', ours: true },
  {
    label: 'from call to KSeF number, all',
    benchmark: 'end-to-end',
    figure: 'instant10000ElapsedMs',
    invoices: 10_000,
    ours: true,
  },
];

/** Stages whose benchmark has not run are left out; null where none has. */
export function throughputOf(results: Results['results']): DrawnPlot | null {
  const bars = STAGES.flatMap(({ label, benchmark, figure, invoices, ours }) => {
    const measured = results[benchmark]?.figures[figure];
    if (measured === undefined) return [];
    return [{ label, value: invoices === undefined ? measured : (invoices * 1_000) / measured, ours }];
  });
  if (bars.length === 0) return null;
  const x = { label: 'invoices a second', scale: 'linear' } as const;
  return { kind: 'bars', name: 'throughput', title: 'Throughput, invoices a second', x, bars };
}
