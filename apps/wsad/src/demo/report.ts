/** What happened, for people and, with --json, for scripts. */
import type { DemoClient } from './client.ts';
import type { DemoSeller } from './invoices.ts';
import type { DemoOptions } from './options.ts';
import type { DemoRun } from './run.ts';

export interface DemoSummary {
  readonly invoices: number;
  readonly sellers: number;
  readonly cleared: number;
  readonly rejected: number;
  readonly batchSessions: number;
  readonly interactiveSessions: number;
  readonly elapsedMs: number;
  readonly acceptedMs: number;
  /** The last 202 to the last KSeF number, which is stored together with its UPO. */
  readonly lastAcceptedToLastNumberMs: number;
  readonly rateLimited: number;
  /** Invoices that have both a KSeF number and a stored UPO. */
  readonly proven: number;
  readonly complete: boolean;
}

interface EmulatorStats {
  readonly rateLimited: number;
  readonly sessions: { readonly batch: number; readonly online: number };
}

export async function summarize(
  client: DemoClient,
  sellers: readonly DemoSeller[],
  options: DemoOptions,
  run: DemoRun,
  emulator: EmulatorStats,
): Promise<DemoSummary> {
  const proven = await countProven(client, sellers);
  return {
    invoices: options.invoices,
    sellers: options.sellers,
    cleared: run.byState.cleared ?? 0,
    rejected: (run.byState.rejected ?? 0) + run.refused,
    batchSessions: emulator.sessions.batch,
    interactiveSessions: emulator.sessions.online,
    elapsedMs: run.elapsedMs,
    acceptedMs: run.acceptedMs,
    lastAcceptedToLastNumberMs: run.elapsedMs - run.acceptedMs,
    rateLimited: emulator.rateLimited,
    proven,
    complete: proven === options.invoices,
  };
}

async function countProven(client: DemoClient, sellers: readonly DemoSeller[]): Promise<number> {
  let proven = 0;
  for (const { nip } of sellers) {
    for await (const { ksefNumber, upoAvailable } of client.invoices(nip)) {
      if (ksefNumber !== null && upoAvailable) proven += 1;
    }
  }
  return proven;
}

export function report(summary: DemoSummary, options: DemoOptions, output: NodeJS.WritableStream): void {
  const { proven, complete, ...figures } = summary;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const lines = [
    '',
    `  ${summary.cleared} of ${summary.invoices} invoices cleared, ${summary.rejected} rejected; ${proven} with KSeF number and UPO`,
    `  ${summary.batchSessions} batch and ${summary.interactiveSessions} interactive sessions for ${summary.sellers} seller(s)`,
    `  all accepted after ${seconds(summary.acceptedMs)}, all receipts stored after ${seconds(summary.elapsedMs)} (${options.speed} KSeF)`,
    `  answers 429 from KSeF: ${summary.rateLimited}`,
    complete ? '  every invoice got through' : '  NOT every invoice got through',
    '',
  ];
  output.write(`${lines.join('\n')}\n`);
  if (options.json) output.write(`${JSON.stringify(figures)}\n`);
}
