/** What each transition of a session means, in memory: of its sender, and of KSeF's word on it. */
import type { InvoiceState, SessionState } from '@wsad/domain';
import {
  invoiceOf,
  type ModelInvoice,
  type ModelSession,
  type Moment,
  Otherwise,
  sessionOf,
} from './transitions-model.ts';
import { LEASE_MS, type Outcome, type Step, type StepOf } from './transitions-steps.ts';

const FINAL: readonly InvoiceState[] = ['cleared', 'rejected', 'withdrawn'];
const SENDING: readonly SessionState[] = ['claimed', 'opened', 'closing'];
const ENDED: readonly SessionState[] = ['abandoned', 'failed', 'settled'];
const REFUSED = 'refused';
const FENCE_LOST = 'fence lost';

type Taking = StepOf<'acquire' | 'renew' | 'release'>;

export function taken({ model, round }: Moment, session: ModelSession, step: Taking): string {
  const until = round.nowMs + LEASE_MS;
  const needsSender = SENDING.includes(session.state);
  if (step.do !== 'acquire') {
    const ours = session.fence === step.fence;
    if (ours && step.do === 'release') session.leaseUntil = null;
    if (step.do === 'release') return 'done';
    if (ours && needsSender) session.leaseUntil = until;
    return String(ours && needsSender);
  }
  const held = session.leaseUntil !== null && session.leaseUntil > round.nowMs;
  if (!needsSender || held || (session.state === 'claimed' && model.paused)) return 'none';
  session.fence += 1;
  session.leaseUntil = until;
  return `fence ${session.fence}`;
}

type Sending = Exclude<Extract<Step, { readonly fence: number }>, StepOf<'renew' | 'release'>>;

export function sent(moment: Moment, session: ModelSession, step: Sending): string {
  if (session.fence !== step.fence) return FENCE_LOST;
  switch (step.do) {
    case 'open':
      if (session.state !== 'claimed' && session.state !== 'opened') return REFUSED;
      Object.assign(session, { state: 'opened', reference: true });
      return 'done';
    case 'upload':
      if (!session.reference) return 'no such row';
      session.uploaded = true;
      return 'done';
    case 'intend':
    case 'sent':
    case 'refuse':
      return handedOver(moment, session, step);
    case 'closing':
      if (session.state !== 'opened' && session.state !== 'closing') return REFUSED;
      session.state = 'closing';
      return 'done';
    case 'closed':
      return closed(moment, step.session, session);
    case 'abandon':
      return String(abandoned(moment, step.session, session, step.unopened));
    case 'failUnclosed':
      return String(failedUnclosed(moment, step.session, session, step.partsMissing));
  }
}

function handedOver(
  moment: Moment,
  session: ModelSession,
  step: StepOf<'intend' | 'sent' | 'refuse'>,
): string {
  const member = session.members[step.ordinal - 1];
  if (member === undefined) throw new Otherwise('no such member');
  if (step.do !== 'refuse') {
    Object.assign(member, { intent: true, sent: member.sent || step.do === 'sent' });
    return 'done';
  }
  Object.assign(member, { intent: false, refused: true });
  const invoice = invoiceOf(moment, member.invoice);
  if (isUnderWay(invoice) && invoice.session === step.session) {
    verdict(moment, session, member.invoice, step.outcome);
    if (step.outcome === 'held') invoice.cause = 'session_failed';
  }
  return 'done';
}

function closed(moment: Moment, id: string, session: ModelSession): string {
  if (session.state === 'closed') return 'done';
  if (session.state !== 'closing') return REFUSED;
  Object.assign(session, { state: 'closed', leaseUntil: null });
  for (const invoice of boundTo(moment, id)) invoiceOf(moment, invoice).state = 'processing';
  return 'done';
}

function abandoned(moment: Moment, id: string, session: ModelSession, unopened: boolean): boolean {
  if (session.state === 'abandoned') return true;
  if ((unopened && session.state !== 'claimed') || !holdsNothing(session)) return false;
  for (const invoice of boundTo(moment, id)) {
    if (session.reference) verdict(moment, session, invoice, 'again');
    else {
      Object.assign(invoiceOf(moment, invoice), { state: 'accepted', session: null });
      session.undone += 1;
    }
  }
  Object.assign(session, { state: 'abandoned', leaseUntil: null });
  return true;
}

function failedUnclosed(moment: Moment, id: string, session: ModelSession, partsMissing: boolean): boolean {
  if (session.state === 'failed') return true;
  const neverArrived = partsMissing && session.kind === 'batch' && session.state === 'closing';
  if (!neverArrived && !holdsNothing(session)) return false;
  allAgain(moment, id, session, session.state === 'claimed' ? 'abandoned' : 'failed');
  return true;
}

/** KSeF has been told nothing that it could act on. */
function holdsNothing({ state, kind, members }: ModelSession): boolean {
  if (state === 'claimed') return true;
  return state === 'opened' && (kind === 'batch' || members.every(({ intent }) => !intent));
}

function allAgain(moment: Moment, id: string, session: ModelSession, state: SessionState): void {
  for (const invoice of boundTo(moment, id)) verdict(moment, session, invoice, 'again');
  Object.assign(session, { state, leaseUntil: null });
}

export function judged(moment: Moment, step: StepOf<'settle' | 'fail'>): string {
  const session = sessionOf(moment, step.session);
  if (step.do === 'settle') return settled(moment, step.session, session, step.outcomes);
  if (session.state === 'closed') allAgain(moment, step.session, session, 'failed');
  if (session.state === 'abandoned' && session.reference) session.state = 'settled';
  return 'done';
}

function settled(
  moment: Moment,
  id: string,
  session: ModelSession,
  outcomes: readonly (Outcome | null)[],
): string {
  if (!session.reference) return REFUSED;
  const ended = ENDED.includes(session.state);
  for (const [index, { invoice }] of session.members.entries()) {
    const outcome = outcomes[index] ?? null;
    const record = invoiceOf(moment, invoice);
    const bound = !ended && isUnderWay(record) && record.session === id;
    if (outcome === null || FINAL.includes(record.state)) continue;
    if (bound || outcome === 'cleared') verdict(moment, session, invoice, outcome);
  }
  const noneLeft = boundTo(moment, id).length === 0;
  if (session.state === 'abandoned' || (session.state === 'closed' && noneLeft)) session.state = 'settled';
  return 'done';
}

function verdict(moment: Moment, session: ModelSession, id: string, outcome: Outcome): void {
  const invoice = invoiceOf(moment, id);
  Object.assign(invoice, { session: null, cause: null });
  if (outcome === 'again') {
    invoice.tried = true;
    moment.undecided.push(id);
  } else invoice.state = outcome;
  if (outcome === 'held') invoice.cause = 'duplicate_unknown';
  if (outcome === 'cleared') invoice.ksefNumber = moment.round.ksefNumberOf(id);
  if (outcome === 'cleared' || outcome === 'rejected') session[outcome] += 1;
  else session.undone += 1;
}

function boundTo({ model }: Moment, id: string): string[] {
  return [...model.invoices]
    .filter(([, invoice]) => invoice.session === id && isUnderWay(invoice))
    .map(([invoice]) => invoice);
}

function isUnderWay({ state }: ModelInvoice): boolean {
  return state === 'sending' || state === 'processing';
}
