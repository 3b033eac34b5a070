/** What many runs come to: findings by name, hits and recovery times by kind of fault. Pure. */
import { type FindingName, findingNames } from './checker.ts';
import { kindNames, kindOf } from './fault-kinds.ts';
import type { FaultKind } from './faults.ts';
import type { RunResult } from './run.ts';

export interface KindSummary {
  readonly name: string;
  readonly what: string;
  readonly group: FaultKind['group'];
  readonly hits: number;
  /** Null where nothing was ever waiting when the trouble was over. */
  readonly recovery: Recovery | null;
}

export interface Recovery {
  readonly medianMs: number;
  readonly p95Ms: number;
}

export interface Summary {
  readonly runs: number;
  readonly seeds: readonly number[];
  readonly invoices: number;
  readonly findings: ReadonlyMap<FindingName, number>;
  readonly kinds: readonly KindSummary[];
  readonly recovery: Recovery | null;
}

export function summaryOf(results: readonly RunResult[]): Summary {
  const faults = results.flatMap((result) => result.faults.filter(({ hit }) => hit));
  const findings = results.flatMap((result) => result.findings);
  return {
    runs: results.length,
    seeds: results.map(({ seed }) => seed).sort((left, right) => left - right),
    invoices: results.reduce((sum, { invoices }) => sum + invoices, 0),
    findings: new Map(
      findingNames.map((name) => [name, findings.filter((finding) => finding.name === name).length]),
    ),
    kinds: kindNames.map((name) => {
      const mine = faults.filter(({ kind }) => kind === name);
      const { what, group } = kindOf(name);
      return { name, what, group, hits: mine.length, recovery: recoveryOf(mine) };
    }),
    recovery: recoveryOf(faults),
  };
}

function recoveryOf(faults: readonly { recoveredMs: number | null }[]): Recovery | null {
  const times = faults.flatMap(({ recoveredMs }) => recoveredMs ?? []).sort((left, right) => left - right);
  if (times.length === 0) return null;
  return { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

/** The smallest of the sorted values that this share of them does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
