/** What the plan is compared with: the two simplest things that one would do. */
import {
  type DispatchDecision,
  INTERACTIVE_INVOICES_MAX,
  planDispatch,
  SESSION_INVOICES_MAX,
} from '@wsad/domain';
import type { Policy } from './simulate.ts';

const WINDOW_MS = 60_000;

export const wsadsPlan: Policy = { name: 'wsad', paced: true, decide: planDispatch };

/** Everything that came within a minute goes at its end. */
export const fixedWindow: Policy = {
  name: 'fixedWindow',
  paced: false,
  decide(now, { count }) {
    if (count === 0) return { kind: 'idle' };
    const sinceMs = now.getTime() % WINDOW_MS;
    if (sinceMs === 0) return whole(count);
    return { kind: 'wait', until: new Date(now.getTime() - sinceMs + WINDOW_MS), why: 'neighbours' };
  },
};

/** A session for each call, as it comes. */
export const atOnce: Policy = {
  name: 'atOnce',
  paced: false,
  decide: (_now, { count }) => (count === 0 ? { kind: 'idle' } : whole(count)),
};

function whole(count: number): DispatchDecision {
  const kind = count > INTERACTIVE_INVOICES_MAX ? 'batch' : 'interactive';
  const claimed = Math.min(count, SESSION_INVOICES_MAX);
  return { kind: 'send', claims: [{ kind, count: claimed, which: 'any' }], more: claimed < count };
}
