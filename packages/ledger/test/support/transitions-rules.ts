/** What each transition means, in memory: of invoices, of persons' decisions and of logins. */
import type { SessionKind } from '@wsad/domain';
import {
  invoiceOf,
  type Model,
  type ModelInvoice,
  type Moment,
  Otherwise,
  type Round,
  sessionOf,
} from './transitions-model.ts';
import { judged, sent, taken } from './transitions-session-rules.ts';
import { LEASE_MS, type Seen, type Step, type StepOf, type Wish } from './transitions-steps.ts';

/**
 * The states in which the step may leave the model, given what was seen of it; none where it cannot have been taken
 * here. There is more than one where the ledger may choose: what failed through no fault of its own goes again, or is held.
 */
export function possible(model: Model, step: Step, seen: Seen, round: Round): Model[] {
  return late(model, step, round).flatMap((cameLate) => afterStep(model, step, seen, round, cameLate));
}

/** Who holds a seller beside others may have begun before an invoice came back, and end after that. */
function late({ invoices }: Model, step: Step, { alone }: Round): string[][] {
  if (step.do !== 'hold' || alone) return [[]];
  const back = [...invoices].filter(([, { state, tried }]) => state === 'accepted' && tried);
  const all: string[][] = [[]];
  for (const [id] of back) all.push(...all.map((some) => [...some, id]));
  return all;
}

function afterStep(model: Model, step: Step, seen: Seen, round: Round, cameLate: readonly string[]): Model[] {
  const next = structuredClone(model);
  const undecided: string[] = [];
  try {
    const says = stepTaken({ model: next, round, seen, undecided, cameLate }, step);
    return says === seen.says ? decided(next, undecided) : [];
  } catch (error) {
    if (error instanceof Otherwise) return [];
    throw error;
  }
}

function decided(model: Model, undecided: readonly string[]): Model[] {
  const [id, ...rest] = undecided;
  if (id === undefined) return [model];
  return (['accepted', 'held'] as const).flatMap((state) => {
    const next = structuredClone(model);
    const cause = state === 'held' ? 'session_failed' : null;
    Object.assign(next.invoices.get(id) ?? {}, { state, cause });
    return decided(next, rest);
  });
}

function stepTaken(moment: Moment, step: Step): string {
  switch (step.do) {
    case 'accept':
      return accepted(moment, step.wishes);
    case 'claim':
      return claimed(moment, step.count);
    case 'acquire':
    case 'renew':
    case 'release':
      return taken(moment, sessionOf(moment, step.session), step);
    case 'settle':
    case 'fail':
      return judged(moment, step);
    case 'hold':
      return heldAll(moment, step.cause);
    case 'retry':
    case 'withdraw':
    case 'resolve':
      return decidedBy(moment, step);
    case 'putCredentials':
    case 'beginLogin':
    case 'refuseLogin':
    case 'finishLogin':
      return arranged(moment, step);
    case 'pause':
    case 'resume':
      if (moment.model.sellerKnown) moment.model.paused = step.do === 'pause';
      return String(moment.model.sellerKnown);
    default:
      return sent(moment, sessionOf(moment, step.session), step);
  }
}

function currentLogin({ model }: Moment) {
  return [...model.logins.values()].at(-1);
}

function causeToHold(moment: Moment): string | null {
  const login = currentLogin(moment);
  if (login === undefined) return 'no_credentials';
  return login.state === 'refused' ? 'login_refused' : null;
}

function accepted(moment: Moment, wishes: readonly Wish[]): string {
  const { model, seen } = moment;
  const cause = causeToHold(moment);
  const state = cause === null ? 'accepted' : 'held';
  model.sellerKnown = true;
  const says = wishes.map((wish, index) => {
    const id = seen.ids?.[index] ?? null;
    const [liveId, live] = [...model.invoices].find(([, each]) => standsInTheWay(each, wish)) ?? [];
    if (live !== undefined && live.version !== wish.version) return 'conflict';
    if (live !== undefined && id === liveId) return `existing ${live.state}`;
    if (live !== undefined || id === null || model.invoices.has(id)) throw new Otherwise('another row');
    model.invoices.set(id, { ...wish, state, cause, session: null, ksefNumber: null, tried: false });
    return `accepted ${state}`;
  });
  return says.join();
}

function standsInTheWay({ number, state }: ModelInvoice, wish: Wish): boolean {
  return number === wish.number && state !== 'rejected' && state !== 'withdrawn';
}

/** How many, and which of those that came back, is the ledger's to choose. */
function claimed(moment: Moment, count: number): string {
  const { model, seen, round } = moment;
  const made = seen.sessions ?? [];
  if (model.paused && made.length > 0) throw new Otherwise('paused');
  const ready = [...model.invoices.values()].some(({ state, tried }) => state === 'accepted' && !tried);
  if (round.alone && !model.paused && ready && made.length === 0) throw new Otherwise('nothing claimed');
  for (const { id, kind } of made) begun(moment, id, kind, count);
  return 'done';
}

function begun(moment: Moment, id: string, kind: SessionKind, count: number): void {
  const rows = moment.round.membersOf(id);
  if (rows.length === 0 || rows.length > count) throw new Otherwise('too few or too many');
  for (const row of rows) {
    const invoice = invoiceOf(moment, row);
    if (invoice.state !== 'accepted') throw new Otherwise('not in line');
    Object.assign(invoice, { state: 'sending', session: id });
  }
  moment.model.sessions.set(id, {
    kind,
    members: rows.map((invoice) => ({ invoice, intent: false, sent: false, refused: false })),
    state: 'claimed',
    fence: 0,
    leaseUntil: null,
    reference: false,
    uploaded: false,
    cleared: 0,
    rejected: 0,
    undone: 0,
  });
}

function heldAll(moment: Moment, cause: string): string {
  moment.model.sellerKnown = true;
  if (cause === 'login_refused' && causeToHold(moment) === null) return '0';
  const waiting = [...moment.model.invoices]
    .filter(([id, { state }]) => state === 'accepted' && !moment.cameLate.includes(id))
    .map(([, invoice]) => invoice);
  for (const invoice of waiting) Object.assign(invoice, { state: 'held', cause });
  return String(waiting.length);
}

function released({ model }: Moment, causes: readonly string[]): string {
  const cured = [...model.invoices.values()].filter(
    ({ state, cause }) => state === 'held' && causes.includes(cause ?? ''),
  );
  for (const invoice of cured) Object.assign(invoice, { state: 'accepted', cause: null });
  return String(cured.length);
}

function decidedBy(moment: Moment, step: StepOf<'retry' | 'withdraw' | 'resolve'>): string {
  const invoice = invoiceOf(moment, step.invoice);
  if (invoice.state !== 'held') return 'notHeld';
  if (step.do === 'resolve') return resolved(invoice, step.ksefNumber);
  if (step.do === 'retry' && invoice.cause === 'login_refused') {
    for (const login of moment.model.logins.values()) if (login.state === 'refused') login.state = 'none';
  }
  Object.assign(invoice, { state: step.do === 'retry' ? 'accepted' : 'withdrawn', cause: null });
  return 'done';
}

function resolved(invoice: ModelInvoice, ksefNumber: string | null): string {
  if (invoice.cause !== 'duplicate_unknown') return 'notADuplicate';
  Object.assign(invoice, { state: ksefNumber === null ? 'rejected' : 'cleared', ksefNumber, cause: null });
  return 'done';
}

type Arranging = StepOf<'putCredentials' | 'beginLogin' | 'refuseLogin' | 'finishLogin'>;

function arranged(moment: Moment, step: Arranging): string {
  const { model, round } = moment;
  const current = currentLogin(moment);
  switch (step.do) {
    case 'putCredentials':
      model.sellerKnown = true;
      model.logins.set(round.credentials[model.logins.size] ?? '', { state: 'none', begunUntil: null });
      return released(moment, ['no_credentials', 'login_refused']);
    case 'beginLogin': {
      const isBegun = (current?.begunUntil ?? 0) > round.nowMs;
      const may = current !== undefined && current.state !== 'refused' && !isBegun;
      if (may) current.begunUntil = round.nowMs + LEASE_MS;
      return String(may);
    }
    case 'refuseLogin':
      for (const login of model.logins.values()) {
        if (login.begunUntil !== null) Object.assign(login, { begunUntil: null, state: 'refused' });
      }
      return 'done';
    case 'finishLogin': {
      const login = model.logins.get(step.credential);
      if (login === undefined) throw new Otherwise('no such credentials');
      const anew = login.state !== 'active';
      Object.assign(login, { begunUntil: null, state: 'active' });
      if (anew) released(moment, ['login_refused']);
      return 'done';
    }
  }
}
