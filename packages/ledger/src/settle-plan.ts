import {
  FINAL_INVOICE_STATES,
  type GiveWay,
  type InvoiceSettlement,
  inPieces,
  isKsefNumber,
  type KsefVerdict,
  type SessionState,
} from '@wsad/domain';
import type { SettleTarget } from './settle-targets.ts';

type Outcome = InvoiceSettlement['outcome'];
type OutcomeOf<State extends Outcome['state']> = Extract<Outcome, { state: State }>;

export interface Planned<Of> {
  readonly id: string;
  readonly reference: string | null;
  readonly outcome: Of;
}

export interface SettlementPlan {
  readonly cleared: Planned<OutcomeOf<'cleared'>>[];
  readonly rejected: Planned<OutcomeOf<'rejected'>>[];
  readonly held: Planned<OutcomeOf<'held'>>[];
  readonly again: Planned<OutcomeOf<'again'>>[];
  /** Cleared by a session that they had left: worth a line in their own timeline. */
  readonly late: string[];
  /** Invoices of the session that stay under way: the settlements do not speak of them. */
  readonly left: string[];
  /** Cleared before; only now it is known which page of the session's receipt names them. */
  readonly receiptFound: { readonly id: string; readonly page: number }[];
}

/** What to do with each invoice that the settlements speak of. Throws where a KSeF number is none. */
export async function planSettlement(
  sessionId: string,
  sessionState: SessionState,
  settlements: readonly InvoiceSettlement[],
  targets: readonly SettleTarget[],
  numbersTaken: ReadonlyMap<string, string>,
  giveWay: GiveWay,
): Promise<SettlementPlan> {
  const plan: SettlementPlan = {
    cleared: [],
    rejected: [],
    held: [],
    again: [],
    late: [],
    left: [],
    receiptFound: [],
  };
  const ended = sessionState === 'abandoned' || sessionState === 'failed' || sessionState === 'settled';
  const byHash = new Map(settlements.map((settlement) => [settlement.sha256, settlement]));
  const owners = new Map(numbersTaken);
  await inPieces(targets, giveWay, (target) => {
    const settlement = byHash.get(target.sha256);
    const bound = !ended && target.sessionId === sessionId;
    if (settlement !== undefined) planOne(plan, target, settlement, bound, owners);
    else if (bound && isUnderWay(target)) plan.left.push(target.id);
  });
  return plan;
}

function planOne(
  plan: SettlementPlan,
  target: SettleTarget,
  settlement: InvoiceSettlement,
  bound: boolean,
  numberOwners: Map<string, string>,
): void {
  const { outcome } = settlement;
  if (FINAL_INVOICE_STATES.includes(target.state)) planFinal(plan, target, outcome);
  else if (outcome.state === 'cleared') {
    planCleared(plan, target, outcome, settlement.reference, bound, numberOwners);
  } else if (bound) planNotCleared(plan, target, outcome, settlement.reference);
}

function planNotCleared(
  plan: SettlementPlan,
  target: SettleTarget,
  outcome: Exclude<Outcome, { state: 'cleared' }>,
  reference: string | null,
): void {
  const { id } = target;
  if (!isUnderWay(target)) return;
  if (outcome.state === 'rejected') plan.rejected.push({ id, reference, outcome });
  if (outcome.state === 'held') plan.held.push({ id, reference, outcome });
  if (outcome.state === 'again') plan.again.push({ id, reference, outcome });
}

function isUnderWay({ state }: SettleTarget): boolean {
  return state === 'sending' || state === 'processing';
}

function planFinal(plan: SettlementPlan, target: SettleTarget, outcome: Outcome): void {
  if (outcome.state !== 'cleared' || outcome.receiptPage === null) return;
  if (outcome.ksefNumber === target.ksefNumber)
    plan.receiptFound.push({ id: target.id, page: outcome.receiptPage });
}

function planCleared(
  plan: SettlementPlan,
  target: SettleTarget,
  outcome: OutcomeOf<'cleared'>,
  reference: string | null,
  bound: boolean,
  numberOwners: Map<string, string>,
): void {
  if (!isKsefNumber(outcome.ksefNumber)) throw new Error(`${outcome.ksefNumber} is no KSeF number`);
  const { id } = target;
  const owner = numberOwners.get(outcome.ksefNumber);
  if (owner !== undefined && owner !== id) {
    const verdict = numberOfAnother(outcome.ksefNumber, owner);
    if (bound)
      plan.held.push({ id, reference, outcome: { state: 'held', cause: 'duplicate_unknown', verdict } });
    return;
  }
  numberOwners.set(outcome.ksefNumber, id);
  plan.cleared.push({ id, reference, outcome });
  if (!bound) plan.late.push(id);
}

/** Never seen from KSeF; but a number that two invoices claim proves neither, and must not stop their neighbours. */
function numberOfAnother(ksefNumber: string, owner: string): KsefVerdict {
  return {
    code: 440,
    description: `KSeF number ${ksefNumber} already belongs to invoice ${owner}`,
    details: [],
    originalKsefNumber: ksefNumber,
  };
}
