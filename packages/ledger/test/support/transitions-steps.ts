/** The ledger's transitions as plain data, and how each is asked of a ledger. */
import { FenceLost, type InvoiceSettlement, type KsefVerdict, type SessionKind } from '@wsad/domain';
import { type PostgresLedger, TransitionRefused } from '../../src/index.ts';
import { after, call, intake, laneOf } from './invoices.ts';

export type Outcome = 'cleared' | 'rejected' | 'held' | 'again';

export interface Wish {
  readonly number: string;
  readonly version: number;
}

type Each<Do extends string, With> = { readonly [One in Do]: { readonly do: One } & With }[Do];
interface Fenced {
  readonly session: string;
  readonly fence: number;
}

/** A step of somebody; sessions, invoices and fences are named as they were known when it began. */
export type Step =
  | Each<'accept', { readonly wishes: readonly Wish[] }>
  | Each<'claim', { readonly kind: SessionKind; readonly count: number }>
  | Each<'acquire', { readonly session: string; readonly actor: string }>
  | Each<'renew' | 'release' | 'open' | 'upload' | 'closing' | 'closed', Fenced>
  | Each<'intend' | 'sent', Fenced & { readonly ordinal: number }>
  | Each<'refuse', Fenced & { readonly ordinal: number; readonly outcome: Exclude<Outcome, 'cleared'> }>
  | Each<'abandon', Fenced & { readonly unopened: boolean }>
  | Each<'failUnclosed', Fenced & { readonly partsMissing: boolean }>
  /** `outcomes` by the members' order; null says nothing of that one. */
  | Each<'settle', { readonly session: string; readonly outcomes: readonly (Outcome | null)[] }>
  | Each<'fail', { readonly session: string }>
  | Each<'hold', { readonly cause: 'login_refused' | 'session_failed' }>
  | Each<'retry' | 'withdraw', { readonly invoice: string }>
  | Each<'resolve', { readonly invoice: string; readonly ksefNumber: string | null }>
  | Each<'putCredentials' | 'beginLogin' | 'refuseLogin' | 'pause' | 'resume', unknown>
  | Each<'finishLogin', { readonly credential: string }>;

export type StepOf<Do extends Step['do']> = Extract<Step, { readonly do: Do }>;

/** What the one who took the step saw of it. */
export interface Seen {
  readonly says: string;
  /** Rows that accepting named, in the order of the wishes. */
  readonly ids?: readonly (string | null)[];
  /** Sessions that claiming made. */
  readonly sessions?: readonly { readonly id: string; readonly kind: SessionKind }[];
}

/** What a step needs to know of the run that it is part of. */
export interface Run {
  readonly ledger: PostgresLedger;
  readonly nip: string;
  readonly now: Date;
  /** Bytes and number of a row. */
  readonly known: (invoice: string) => { readonly sha256: string; readonly ksefNumber: string };
  /** Rows of a session, in its order. */
  readonly membersOf: (session: string) => readonly string[];
}

export const LEASE_MS = 16_000;
const VERDICT: KsefVerdict = { code: 450, description: 'Błąd semantyki', details: [] };

export async function take(run: Run, step: Step): Promise<Seen> {
  try {
    return await asked(run, step);
  } catch (error) {
    if (error instanceof FenceLost) return { says: 'fence lost' };
    if (error instanceof TransitionRefused) return { says: 'refused' };
    if (error instanceof Error && error.message.endsWith('has no such part or invoice'))
      return { says: 'no such row' };
    throw error;
  }
}

async function asked(run: Run, step: Step): Promise<Seen> {
  switch (step.do) {
    case 'accept':
      return await accept(run, step.wishes);
    case 'claim':
      return await claim(run, step);
    case 'settle':
    case 'fail':
      return await judge(run, step);
    case 'hold':
    case 'retry':
    case 'withdraw':
    case 'resolve':
      return await decide(run, step);
    case 'putCredentials':
    case 'beginLogin':
    case 'refuseLogin':
    case 'finishLogin':
    case 'pause':
    case 'resume':
      return await arrange(run, step);
    default:
      return await send(run, step);
  }
}

export function wishOf(nip: string, { number, version }: Wish) {
  return { number, content: `${nip} ${number} v${version}`, issuerNip: nip };
}

export function sha256Of(nip: string, wish: Wish): string {
  return intake(wishOf(nip, wish), 0).sha256;
}

async function accept({ ledger, nip, now }: Run, wishes: readonly Wish[]): Promise<Seen> {
  const command = call(
    wishes.map((wish) => wishOf(nip, wish)),
    { nip, now },
  );
  const results = await ledger.accept(command);
  const kinds = results.map((result) =>
    result.kind === 'accepted' || result.kind === 'existing' ? `${result.kind} ${result.state}` : result.kind,
  );
  return { says: kinds.join(), ids: results.map((result) => ('id' in result ? result.id : null)) };
}

async function claim({ ledger, nip, now }: Run, { kind, count }: StepOf<'claim'>) {
  const { sessions } = await ledger.claimLane(laneOf(nip), now, () => ({
    kind: 'send',
    claims: [{ kind, count, which: 'any' }],
    more: false,
  }));
  return { says: 'done', sessions: sessions.map(({ id }) => ({ id, kind })) };
}

type Sending = Extract<Step, { readonly session: string }>;

async function send(run: Run, step: Exclude<Sending, StepOf<'settle' | 'fail'>>): Promise<Seen> {
  const { ledger, now } = run;
  switch (step.do) {
    case 'acquire': {
      const session = await ledger.acquireSession(step.session, step.actor, now, LEASE_MS);
      return { says: session === null ? 'none' : `fence ${session.fence}` };
    }
    case 'renew':
      return { says: String(await ledger.renewLease(step.session, step.fence, now, LEASE_MS)) };
    case 'release':
      return await done(ledger.releaseLease(step.session, step.fence));
    case 'open':
      return await done(open(run, step.session, step.fence));
    case 'upload':
      return await done(ledger.recordPartUploaded(step.session, step.fence, 1, now));
    case 'intend':
      return await done(ledger.recordInvoiceIntent(step.session, step.fence, step.ordinal, now));
    case 'sent':
      return await done(ledger.recordInvoiceSent(step.session, step.fence, step.ordinal, 'ref', now));
    case 'refuse': {
      const refusal = { outcome: step.outcome, verdict: VERDICT };
      return await done(ledger.recordInvoiceRefused(step.session, step.fence, step.ordinal, refusal, now));
    }
    case 'closing':
      return await done(ledger.recordClosing(step.session, step.fence, now));
    case 'closed':
      return await done(ledger.recordClosed(step.session, step.fence, now));
    case 'abandon': {
      const given = { unopened: step.unopened };
      return { says: String(await ledger.abandonSession(step.session, step.fence, 'why', now, given)) };
    }
    case 'failUnclosed': {
      const known = { partsMissing: step.partsMissing };
      return { says: String(await ledger.failUnclosed(step.session, step.fence, VERDICT, now, known)) };
    }
  }
}

async function done(step: Promise<void>): Promise<Seen> {
  await step;
  return { says: 'done' };
}

async function open({ ledger, nip, now }: Run, session: string, fence: number): Promise<void> {
  const credential = await ledger.credentialOf(nip);
  await ledger.recordOpened(session, fence, {
    reference: `ref-${session}`,
    credentialId: credential?.id ?? '',
    openedAt: now,
    usableUntil: after(9e8),
    package: { compression: 'TarGz', sizeBytes: 10, sha256: 'package' },
    parts: [{ ordinal: 1, sizeBytes: 10, sha256: 'part', upload: { method: 'PUT', url: 'u', headers: {} } }],
  });
}

async function judge(run: Run, step: StepOf<'settle' | 'fail'>): Promise<Seen> {
  const { ledger, now } = run;
  if (step.do === 'fail') return await done(ledger.failSession(step.session, VERDICT, now));
  const settlements = run.membersOf(step.session).flatMap((invoice, index): InvoiceSettlement[] => {
    const outcome = step.outcomes[index] ?? null;
    return outcome === null ? [] : [settlement(run, invoice, outcome)];
  });
  await ledger.settleSession(step.session, settlements, [], now);
  return { says: 'done' };
}

function settlement({ known, now }: Run, invoice: string, state: Outcome): InvoiceSettlement {
  const { sha256, ksefNumber } = known(invoice);
  const of = { sha256, reference: null };
  if (state === 'cleared') {
    const given = { ksefNumber, invoicingMode: 'Online', acquiredAt: now, receiptPage: null } as const;
    return { ...of, outcome: { state, ...given } };
  }
  if (state === 'held') return { ...of, outcome: { state, cause: 'duplicate_unknown', verdict: VERDICT } };
  return { ...of, outcome: { state, verdict: VERDICT } };
}

async function decide(run: Run, step: StepOf<'hold' | 'retry' | 'withdraw' | 'resolve'>): Promise<Seen> {
  const { ledger, nip, now } = run;
  if (step.do === 'hold') return { says: String(await ledger.holdSeller(nip, step.cause, 'why', now)) };
  const action = { invoiceId: step.invoice, actor: 'anna', now, sellers: 'all' as const };
  if (step.do === 'retry') return { says: (await ledger.retryHeld(action)).kind };
  if (step.do === 'withdraw') return { says: (await ledger.withdrawHeld(action)).kind };
  const { ksefNumber } = step;
  return {
    says: (await ledger.resolveHeld(action, ksefNumber === null ? { rejected: true } : { ksefNumber })).kind,
  };
}

const LOGIN_OWNER = 'login';

async function arrange(
  { ledger, nip, now }: Run,
  step: StepOf<'putCredentials' | 'beginLogin' | 'refuseLogin' | 'finishLogin' | 'pause' | 'resume'>,
): Promise<Seen> {
  switch (step.do) {
    case 'putCredentials': {
      const secret = { type: 'ksefToken', token: 't' } as const;
      const { released } = await ledger.putCredentials({ owner: { nip }, secret, actor: 'anna', now });
      return { says: String(released) };
    }
    case 'beginLogin':
      return { says: String(await ledger.beginLogin(nip, LOGIN_OWNER, now, LEASE_MS)) };
    case 'refuseLogin':
      return await done(ledger.failLogin(nip, LOGIN_OWNER, 'refused', '450', now));
    case 'finishLogin': {
      const until = after(9e9);
      const tokens = { accessToken: 'a', accessUntil: until, refreshToken: 'r', refreshUntil: until };
      const login = { ...tokens, permissions: ['InvoiceWrite'] };
      await ledger.finishLogin(nip, LOGIN_OWNER, step.credential, 'token', login, now);
      return { says: 'done' };
    }
    case 'pause':
      return { says: String(await ledger.pauseSeller(nip, 'anna', now)) };
    case 'resume':
      return { says: String(await ledger.resumeSeller(nip, 'anna', now)) };
  }
}
