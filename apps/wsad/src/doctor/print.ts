/** The findings, for people and, with --json, for scripts. */
import type { Finding } from './finding.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  good: '  ok      ',
  warning: '  warning ',
  problem: '  PROBLEM ',
  unknown: '  ?       ',
};
const CHECK_WIDTH = 15;

export function printFindings(findings: readonly Finding[], json: boolean): string {
  if (json) return `${JSON.stringify({ well: isWell(findings), findings })}\n`;
  const lines = findings.flatMap(({ check, state, says, mend }) => [
    `${MARKS[state]}${check.padEnd(CHECK_WIDTH)}${says}`,
    ...(mend === null ? [] : [`${' '.repeat(10 + CHECK_WIDTH)}-> ${mend}`]),
  ]);
  return `${[...lines, '', conclusion(findings)].join('\n')}\n`;
}

/** True where nothing stands in the way of sending. */
export function isWell(findings: readonly Finding[]): boolean {
  return !findings.some(({ state }) => state === 'problem' || state === 'unknown');
}

function conclusion(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const problems = count('problem');
  const warnings = count('warning');
  const unknown = count('unknown');
  if (problems + unknown === 0)
    return warnings === 0 ? 'Ready to send.' : `Ready to send; ${warnings} warning(s).`;
  const left = unknown === 0 ? '' : `, ${unknown} check(s) that could not be made because of that`;
  return `NOT ready to send: ${problems} problem(s)${left}. Mend what is marked and run the doctor again.`;
}
