/** What the model ledger keeps: as little as the engine can tell apart, with every move checked against the domain. */
import { createHash } from 'node:crypto';
import {
  type Authentication,
  type Credential,
  FenceLost,
  type HoldCause,
  type InvoiceState,
  type KsefVerdict,
  mayBecome,
  type Receipt,
  type SessionKind,
  type SessionOpened,
  type SessionState,
  sessionMayBecome,
} from '@wsad/domain';

export const NIP = '5265877635';
export const FORM = 'FA (3)';
export const LANE = { nip: NIP, form: FORM, mode: 'online' } as const;

export interface ModelInvoice {
  readonly id: string;
  readonly plain: Buffer;
  readonly sha256: string;
  state: InvoiceState;
  sessionId: string | null;
  attempts: number;
  notBefore: Date;
  holdCause: HoldCause | null;
  ksefNumber: string | null;
  receiptPage: number | null;
  verdict: KsefVerdict | null;
}

export interface ModelMember {
  readonly ordinal: number;
  readonly invoice: ModelInvoice;
  intentAt: Date | null;
  refusedAt: Date | null;
  reference: string | null;
}

export interface ModelSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly members: readonly ModelMember[];
  readonly uploadedAt: Map<number, Date>;
  state: SessionState;
  fence: number;
  tries: number;
  leaseUntil: Date | null;
  sendAfter: Date | null;
  opened: SessionOpened | null;
  closedAt: Date | null;
  polls: number;
  pollFailures: number;
  unknownLooks: number;
  judgedAt: Date | null;
  nextPollAt: Date | null;
  receiptsDue: boolean;
  receipts: readonly Receipt[];
  why: string | null;
}

export interface LedgerState {
  readonly invoices: Map<string, ModelInvoice>;
  readonly sessions: Map<string, ModelSession>;
  readonly credentials: Map<string, Credential>;
  readonly logins: Map<string, Authentication>;
  readonly loginLeases: Map<string, { owner: string; until: Date }>;
  currentCredential: Credential | null;
  limitsReadAt: Date | null;
}

export function emptyState(): LedgerState {
  return {
    invoices: new Map(),
    sessions: new Map(),
    credentials: new Map(),
    logins: new Map(),
    loginLeases: new Map(),
    currentCredential: null,
    limitsReadAt: null,
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

export function newInvoice(text: string, now: Date): ModelInvoice {
  const plain = Buffer.from(text);
  return {
    id: `invoice-${text}`,
    plain,
    sha256: sha256(plain),
    state: 'accepted',
    sessionId: null,
    attempts: 0,
    notBefore: now,
    holdCause: null,
    ksefNumber: null,
    receiptPage: null,
    verdict: null,
  };
}

export function newSession(id: string, kind: SessionKind, invoices: readonly ModelInvoice[]): ModelSession {
  const members = invoices.map((invoice, index) => ({
    ordinal: index + 1,
    invoice,
    intentAt: null,
    refusedAt: null,
    reference: null,
  }));
  return {
    id,
    kind,
    members,
    uploadedAt: new Map(),
    state: 'claimed',
    fence: 0,
    tries: 0,
    leaseUntil: null,
    sendAfter: null,
    opened: null,
    closedAt: null,
    polls: 0,
    pollFailures: 0,
    unknownLooks: 0,
    judgedAt: null,
    nextPollAt: null,
    receiptsDue: false,
    receipts: [],
    why: null,
  };
}

/** The session of this id, for whoever may write to it. */
export function fenced(state: LedgerState, id: string, fence: number): ModelSession {
  const session = sessionOf(state, id);
  if (session.fence !== fence) throw new FenceLost(id, fence);
  return session;
}

export function sessionOf(state: LedgerState, id: string): ModelSession {
  const session = state.sessions.get(id);
  if (session === undefined) throw new Error(`there is no session ${id}`);
  return session;
}

export function moveInvoice(invoice: ModelInvoice, to: InvoiceState): void {
  if (!mayBecome(invoice.state, to)) throw new Error(`${invoice.id}: ${invoice.state} -> ${to}`);
  invoice.state = to;
}

export function moveSession(session: ModelSession, to: SessionState): void {
  if (!sessionMayBecome(session.state, to)) throw new Error(`${session.id}: ${session.state} -> ${to}`);
  session.state = to;
}

/** Invoices of the session that are still in it and under way. */
export function bound(session: ModelSession): ModelInvoice[] {
  return session.members
    .map(({ invoice }) => invoice)
    .filter(({ sessionId, state }) => sessionId === session.id && ['sending', 'processing'].includes(state));
}
