/** How far everything is that was handed in, over all of its submissions. */
import type { Schemas } from '@wsad/client';

type Submission = Schemas['Submission'];

export interface Tally {
  /** Files read and checked by wsad so far, and all of them. */
  readonly files: number;
  readonly filesTotal: number;
  readonly accepted: number;
  readonly refused: number;
  readonly byState: Readonly<Record<string, number>>;
  /** Of those cleared, how many receipts (UPO) are there. */
  readonly receipts: number;
}

export interface Stage {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

export function byStateOf(submissions: Iterable<Pick<Submission, 'byState'>>): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { byState } of submissions)
    for (const [state, count] of Object.entries(byState)) sum[state] = (sum[state] ?? 0) + count;
  return sum;
}

/** What a person waits for, in the order in which it comes. */
export function stagesOf(tally: Tally): readonly Stage[] {
  const { files, filesTotal, accepted, receipts } = tally;
  const count = (...states: string[]): number =>
    states.reduce((sum, state) => sum + (tally.byState[state] ?? 0), 0);
  const known = Object.values(tally.byState).reduce((sum, one) => sum + one, 0);
  return [
    { name: 'Checking', done: files, total: filesTotal },
    { name: 'Sending', done: known - count('accepted', 'sending'), total: accepted },
    { name: 'At KSeF', done: known - count('accepted', 'sending', 'processing'), total: accepted },
    { name: 'Receipts', done: receipts, total: accepted - count('rejected', 'held', 'withdrawn') },
  ];
}

const BAR_CELLS = 24;

export function barOf({ name, done, total }: Stage): string {
  const filled = total === 0 ? 0 : Math.floor((Math.min(done, total) / total) * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  return `${name.padEnd(9)} ${bar} ${done} of ${total}`;
}

/** All that was asked for is in KSeF. */
export function isAllCleared({
  accepted,
  refused,
  byState,
}: Pick<Tally, 'accepted' | 'refused' | 'byState'>): boolean {
  return refused === 0 && (byState.cleared ?? 0) === accepted;
}
