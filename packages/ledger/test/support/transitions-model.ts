/** What the ledger holds, in memory: as little of it as its transitions are about. */
import type { InvoiceState, SessionKind, SessionState } from '@wsad/domain';
import type { Seen, Wish } from './transitions-steps.ts';

export interface ModelInvoice extends Wish {
  state: InvoiceState;
  /** Where it is under way. */
  session: string | null;
  cause: string | null;
  ksefNumber: string | null;
  /** It came back from an attempt, so it may be kept waiting, or apart from others. */
  tried: boolean;
}

interface ModelMember {
  readonly invoice: string;
  intent: boolean;
  sent: boolean;
  refused: boolean;
}

export interface ModelSession {
  readonly kind: SessionKind;
  readonly members: ModelMember[];
  state: SessionState;
  fence: number;
  leaseUntil: number | null;
  reference: boolean;
  uploaded: boolean;
  cleared: number;
  rejected: number;
  /** Held by it or gone again. */
  undone: number;
}

export interface Model {
  readonly invoices: Map<string, ModelInvoice>;
  readonly sessions: Map<string, ModelSession>;
  /** By id; the last one is in use. */
  readonly logins: Map<string, { state: 'none' | 'active' | 'refused'; begunUntil: number | null }>;
  sellerKnown: boolean;
  paused: boolean;
}

export function newModel(): Model {
  return {
    invoices: new Map(),
    sessions: new Map(),
    logins: new Map(),
    sellerKnown: false,
    paused: false,
  };
}

/** A step as it is taken: it changes the model, and says what the ledger would. */
export interface Moment {
  readonly model: Model;
  readonly seen: Seen;
  /** Invoices of which the ledger may choose whether they go again or are held. */
  readonly undecided: string[];
  /** Invoices that came back into line while holding waited for whoever brought them back. */
  readonly cameLate: readonly string[];
  readonly round: Round;
}

export interface Round {
  readonly nowMs: number;
  /** Nobody else acts, so nothing is passed over because somebody holds it. */
  readonly alone: boolean;
  readonly membersOf: (session: string) => readonly string[];
  readonly ksefNumberOf: (invoice: string) => string;
  /** All that were ever put, in that order. */
  readonly credentials: readonly string[];
}

/** The step cannot have been taken here, or not with what was seen of it. */
export class Otherwise extends Error {}

export function sessionOf({ model }: Moment, id: string): ModelSession {
  const session = model.sessions.get(id);
  if (session === undefined) throw new Otherwise(`no session ${id}`);
  return session;
}

export function invoiceOf({ model }: Moment, id: string): ModelInvoice {
  const invoice = model.invoices.get(id);
  if (invoice === undefined) throw new Otherwise(`no invoice ${id}`);
  return invoice;
}

/** All that the model knows of rows, a line each, to be compared with what the ledger holds. */
export function told(model: Model): string[] {
  const invoices = [...model.invoices].map(([id, { state, session, cause, ksefNumber }]) =>
    [id, state, session, cause, ksefNumber].join(' '),
  );
  const sessions = [...model.sessions].map(([id, session]) => {
    const { state, fence, leaseUntil, uploaded, cleared, rejected, undone, members } = session;
    const sent = members.map((each) => `${each.intent} ${each.sent} ${each.refused}`);
    return [id, state, fence, leaseUntil, uploaded, cleared, rejected, undone, ...sent].join(' ');
  });
  const logins = [...model.logins].map(([id, { state, begunUntil }]) =>
    [id, state, begunUntil !== null].join(' '),
  );
  return [...invoices, ...sessions, ...logins, `paused ${model.paused}`].sort();
}
