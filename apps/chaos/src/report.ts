/** The words of a series of runs: a line while they are played, some at the end, and the page docs/reliability.md. */
import type { RunResult } from './run.ts';
import type { KindSummary, Recovery, Summary } from './summary.ts';

export function lineOf({ seed, faults, findings, invoices, tookMs }: RunResult): string {
  const kinds = faults.map(({ kind, hit }) => (hit ? kind : `(${kind})`)).join(', ');
  const verdict = findings.length === 0 ? 'good' : `${findings.length} FINDINGS`;
  const told = findings.map(({ name, what }) => `\n    ${name}: ${what}`).join('');
  return `seed ${seed}: ${verdict}, ${invoices} invoices, ${seconds(tookMs)}: ${kinds}${told}`;
}

/** So often a kind must have struck before its times say much. */
const HITS_ENOUGH = 10;

/** The last words of a series. */
export function wordsOf(summary: Summary): string {
  const kinds = summary.kinds
    .filter(({ hits }) => hits > 0)
    .map(
      ({ name, hits, recovery }) =>
        `  ${name.padEnd(34)} ${String(hits).padStart(4)}   ${recovered(recovery)}`,
    );
  const findings = [...summary.findings].map(([name, count]) => `${name} ${count}`).join(', ');
  const rare = summary.kinds
    .filter(({ hits }) => hits < HITS_ENOUGH)
    .map(({ name, hits }) => `${name} ${hits}`);
  return [
    `${summary.runs} runs, ${summary.invoices} invoices`,
    `  ${'fault'.padEnd(34)} ${'hits'.padStart(4)}   recovery median / p95`,
    ...kinds,
    `recovery over all: ${recovered(summary.recovery)}`,
    ...(rare.length === 0 ? [] : [`hit less than ${HITS_ENOUGH} times: ${rare.join(', ')}`]),
    `findings: ${findings}`,
  ].join('\n');
}

const GROUPS: readonly KindSummary['group'][] = [
  'processes',
  'crash points',
  'stores',
  'network',
  'clocks',
  'KSeF',
];

export function pageOf(summary: Summary, command: string): string {
  const { runs, invoices, seeds, findings, recovery } = summary;
  return `# Reliability

What ${runs} runs of \`npm run chaos\` came to. In each run the API, worker and poller are real processes as they ship, over a
real PostgreSQL and, in most runs, a real Redis, with a proxy of our own on every way between them and the emulator as KSeF.
Sellers hand in invoices in batches, alone and mixed, while what the run's seed says goes wrong. Afterwards a checker
compares every 202 that was answered, the ledger, KSeF's registry, the API's answers and the logs.

\`\`\`
${command}
\`\`\`

The same seed plays the same plan: \`npm run chaos -- --seed S --runs 1\`. A run with findings prints them and keeps its
folder, with the plan, the logs and what the checker saw.

## What was found

${runs} runs, ${invoices} invoices accepted, seeds ${ranges(seeds)}.

| what must never be | times |
|---|---|
${[...findings].map(([name, count]) => `| ${name} | ${count} |`).join('\n')}

- **lost**: accepted, and not in the ledger with these very bytes.
- **registered twice**, **sent twice**: KSeF has the same bytes or the same number twice, or met bytes that it had from us.
- **cleared without a confirmed hash**: cleared here, and KSeF has no such number, or other bytes under it.
- **registered, not cleared**: KSeF has it from a session of ours, and here it ended otherwise.
- **wrong end**: a good invoice was held or rejected though no fault of the run gives it that end.
- **stuck**: something had not ended, or a cleared invoice had no UPO, two minutes after the last trouble was over.
- **over the limit**: a 429 that no fault made up.
- **secret in a log**: tokens, keys and passwords of wsad, tokens of KSeF, signatures of its upload and download addresses.
- **answer differs**, **answer not as documented**: the API tells other than the ledger holds; a 5xx that is not a 503 with
  Retry-After.
- **died by itself**: a process ended that nobody had ended.

## Recovery

From the moment a trouble was over (the process started again, the server back, the line whole, the wrong answer given) until
every invoice accepted by then had ended. Most runs have several troubles; what another one adds is in these times too.
Over all: ${recovered(recovery)} (median / 95th percentile).

${GROUPS.map((group) => tableOf(group, summary)).join('\n\n')}
`;
}

function tableOf(group: KindSummary['group'], { kinds }: Summary): string {
  const rows = kinds
    .filter((kind) => kind.group === group)
    .map(
      ({ name, what, hits, recovery }) =>
        `| ${name} | ${what} | ${hits} | ${secondsOf(recovery, 'medianMs')} | ${secondsOf(recovery, 'p95Ms')} |`,
    );
  return [
    `### ${titled(group)}`,
    '',
    '| fault | what it is | hits | median | p95 |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function titled(group: string): string {
  return `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
}

function recovered(recovery: Recovery | null): string {
  return recovery === null ? '-' : `${seconds(recovery.medianMs)} / ${seconds(recovery.p95Ms)}`;
}

function secondsOf(recovery: Recovery | null, which: keyof Recovery): string {
  return recovery === null ? '-' : seconds(recovery[which]);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** `1-3, 7` for 1, 2, 3 and 7. */
function ranges(sorted: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const value of sorted) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === value - 1) last[1] = value;
    else parts.push([value, value]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}
