/** One trace under one policy: who waited how long, and what it cost in calls. Nothing here takes real time. */
import {
  type Claim,
  chargesFor,
  type DispatchDecision,
  earliestCallAt,
  INTERACTIVE_INVOICES_MAX,
  type KsefOperation,
  type RateLimits,
  type Room,
  roomOf,
  type Slot,
  type UnderWay,
  type Waiting,
} from '@wsad/domain';
import { type Agenda, createAgenda } from './agenda.ts';
import { type Counters, ksefCounters } from './counters.ts';
import { type Arrival, HOUR_MS, type Trace } from './traces.ts';

const LINGER_MS = 250;
const ANSWER_MS = 30;
const SKEW_MS = 50;
const LOGIN_MS = 200;
const LOGINS_PER_SECOND = 60;
/** An arbitrary beginning: the plan wants dates. */
const EPOCH_MS = Date.UTC(2026, 1, 2, 8);

export interface Policy {
  readonly name: string;
  /** Whether calls are kept within the windows before they are made; else KSeF refuses what is too much. */
  readonly paced: boolean;
  decide(now: Date, waiting: Waiting, room: Room): DispatchDecision;
}

/** What became of it; times in ms, one for each invoice from its arrival to the call that takes it to KSeF. */
export interface Outcome {
  readonly waitsMs: readonly number[];
  readonly urgentWaitsMs: readonly number[];
  readonly sessions: number;
  readonly refusedCalls: number;
}

export function simulate(trace: Trace, policy: Policy, limitsAt: (atMs: number) => RateLimits): Outcome {
  const sellers = new Map<number, Arrival[]>();
  for (const arrival of trace.arrivals)
    sellers.set(arrival.seller, [...(sellers.get(arrival.seller) ?? []), arrival]);
  const waitsMs: number[] = [];
  const urgentWaitsMs: number[] = [];
  let sessions = 0;
  let refusedCalls = 0;
  let nextLoginMs = 0;
  for (const arrivals of sellers.values()) {
    const firstMs = arrivals[0]?.atMs ?? 0;
    const loginMs = Math.max(firstMs, nextLoginMs);
    nextLoginMs = loginMs + 1_000 / LOGINS_PER_SECOND;
    const lane = createLane(policy, limitsAt, loginMs + LOGIN_MS);
    lane.run(arrivals);
    for (const { waitMs, urgent } of lane.left) {
      waitsMs.push(waitMs);
      if (urgent) urgentWaitsMs.push(waitMs);
    }
    sessions += lane.sessions();
    refusedCalls += lane.ksef.refused;
  }
  return { waitsMs, urgentWaitsMs, sessions, refusedCalls };
}

interface Invoice {
  readonly arrivedMs: number;
  readonly dueMs: number;
  readonly urgent: boolean;
}

interface Lane {
  readonly left: readonly { waitMs: number; urgent: boolean }[];
  readonly ksef: Counters;
  sessions(): number;
  run(arrivals: readonly Arrival[]): void;
}

function createLane(policy: Policy, limitsAt: (atMs: number) => RateLimits, readyMs: number): Lane {
  const agenda = createAgenda();
  const ksef = ksefCounters(limitsAt);
  const calls = createCalls(agenda, ksef, policy.paced, limitsAt);
  const waiting: Invoice[] = [];
  const left: { waitMs: number; urgent: boolean }[] = [];
  const underWay = { batch: noneUnderWay(), interactive: noneUnderWay() };
  let sessions = 0;

  const look = (nowMs: number): void => {
    if (nowMs < readyMs) {
      agenda.at(readyMs, look);
      return;
    }
    const room = roomOf(dateOf(nowMs), {
      limits: limitsAt(nowMs),
      charged: calls.charged(nowMs),
      ...underWay,
    });
    const decision = policy.decide(dateOf(nowMs), waitingOf(waiting, nowMs), room);
    if (decision.kind === 'wait') agenda.at(Math.max(nowMs + 1, msOf(decision.until)), look);
    if (decision.kind !== 'send') return;
    for (const claim of decision.claims) begin(nowMs, claim);
    if (decision.more) agenda.at(nowMs, look);
  };

  const begin = (nowMs: number, claim: Claim): void => {
    const members = waiting.splice(0, claim.count);
    if (members.length === 0) return;
    sessions += 1;
    const use = underWay[claim.kind];
    use.claimed += 1;
    use.claimedAt = dateOf(nowMs);
    const [open, close]: KsefOperation[] =
      claim.kind === 'batch' ? ['openBatch', 'closeBatch'] : ['openOnline', 'closeOnline'];
    const leave = (atMs: number, invoices: readonly Invoice[]): void => {
      for (const { arrivedMs, urgent } of invoices) left.push({ waitMs: atMs - arrivedMs, urgent });
    };
    const end = (atMs: number): void => {
      use.opened -= 1;
      agenda.at(atMs, look);
    };
    if (claim.kind === 'interactive') use.sends += members.length;
    calls.make(nowMs, open ?? 'openBatch', (openedMs) => {
      use.claimed -= 1;
      use.opened += 1;
      if (claim.kind === 'batch') leave(openedMs, members);
      let unsent = claim.kind === 'batch' ? 0 : members.length;
      const closing = (atMs: number): void => calls.make(atMs, close ?? 'closeBatch', end);
      if (unsent === 0) return closing(openedMs);
      for (const member of members) {
        calls.make(openedMs, 'sendInvoice', (sentMs) => {
          leave(sentMs, [member]);
          use.sends -= 1;
          unsent -= 1;
          if (unsent === 0) closing(sentMs);
        });
      }
    });
  };

  return {
    left,
    ksef,
    sessions: () => sessions,
    run(arrivals) {
      for (const { atMs, invoices, urgent } of arrivals) {
        agenda.at(atMs, (nowMs) => {
          const dueMs = urgent || invoices > INTERACTIVE_INVOICES_MAX ? nowMs : nowMs + LINGER_MS;
          for (let count = 0; count < invoices; count += 1) waiting.push({ arrivedMs: atMs, dueMs, urgent });
          look(nowMs);
        });
      }
      agenda.run();
      if (waiting.length > 0) throw new Error(`${policy.name} left ${waiting.length} invoices behind`);
    },
  };
}

interface Calls {
  charged(nowMs: number): ReadonlyMap<string, readonly Slot[]>;
  make(nowMs: number, operation: KsefOperation, answered: (atMs: number) => void): void;
}

/** Calls as the pacer of the ledger makes them: a place first, held until one window after the answer. */
function createCalls(
  agenda: Agenda,
  ksef: Counters,
  paced: boolean,
  limitsAt: (atMs: number) => RateLimits,
): Calls {
  const charged = new Map<string, CallSlot[]>();
  const make: Calls['make'] = (nowMs, operation, answered) => {
    const charges = chargesFor(operation, limitsAt(nowMs)).filter(({ scope }) => scope === 'context');
    if (paced) {
      const freeMs = Math.max(
        ...charges.map(({ counter, windows }) => {
          const kept = windows.map(({ lengthMs, calls }) => ({ lengthMs: lengthMs + SKEW_MS, calls }));
          return msOf(earliestCallAt(dateOf(nowMs), charged.get(counter) ?? [], kept));
        }),
      );
      if (freeMs > nowMs) return agenda.at(freeMs, (laterMs) => make(laterMs, operation, answered));
    }
    const refusedUntil = ksef.call(operation, nowMs);
    if (refusedUntil !== null)
      return agenda.at(refusedUntil, (laterMs) => make(laterMs, operation, answered));
    const slot: CallSlot = { answeredAt: null, begunAt: dateOf(nowMs) };
    for (const { counter } of charges) charged.set(counter, [...recent(charged.get(counter), nowMs), slot]);
    agenda.at(nowMs + ANSWER_MS, (atMs) => {
      slot.answeredAt = dateOf(atMs);
      answered(atMs);
    });
  };
  return { charged: () => charged, make };
}

interface CallSlot extends Slot {
  answeredAt: Date | null;
}

function recent(slots: CallSlot[] | undefined, nowMs: number): CallSlot[] {
  return (slots ?? []).filter(
    ({ answeredAt }) => answeredAt === null || msOf(answeredAt) > nowMs - HOUR_MS - SKEW_MS,
  );
}

function waitingOf(invoices: readonly Invoice[], nowMs: number): Waiting {
  const firstDueMs = Math.min(...invoices.map(({ dueMs }) => dueMs));
  return {
    count: invoices.length,
    waitedMs: invoices.reduce((sum, { dueMs }) => sum + Math.max(0, nowMs - dueMs), 0),
    urgent: invoices.filter(({ urgent }) => urgent).length,
    attachments: 0,
    corrections: 0,
    firstDueAt: invoices.length === 0 ? null : dateOf(firstDueMs),
    nextBeginsAt: null,
  };
}

function noneUnderWay(): { -readonly [Key in keyof UnderWay]: UnderWay[Key] } {
  return { claimed: 0, opened: 0, sends: 0 };
}

function dateOf(ms: number): Date {
  return new Date(EPOCH_MS + ms);
}

function msOf(date: Date): number {
  return date.getTime() - EPOCH_MS;
}
