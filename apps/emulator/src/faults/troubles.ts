/** Faults that strike what calls are about: logins, sending sessions, invoices. */
import type { ContextIdentifier } from '../auth/caller.ts';
import { contextNip } from '../auth/caller.ts';
import type { LoginStatus } from '../auth/logins.ts';
import type { InvoiceFacts } from '../processing/invoice-facts.ts';
import type { BatchSessionCode, OnlineSessionCode, Session, Verdict } from '../sessions/model.ts';
import { type Armed, type Arming, aimsAt, createArmed } from './armed.ts';

export type LoginProgram = {
  /** What the login comes to, where it does not come to what it deserves. */
  status?: LoginStatus;
  /** Looks that answer 100 first. */
  looks?: number;
};

/** A duplicate has an original, made for the purpose: the sender's own same bytes, or somebody's other ones. */
export type DuplicateProgram = { original: 'own' | 'foreign'; extensions: 'right' | 'missing' | 'wrong' };

export type InvoiceProgram = { verdict: Verdict } | { duplicate: DuplicateProgram };

export type SessionEnd = { code: BatchSessionCode & OnlineSessionCode; details?: string[] };
export type BatchEnd = { code: BatchSessionCode; details?: string[] };

/** A moment in the life of a batch session; `batchJudged`: its invoices are, and the good ones registered. */
export type BatchMoment = 'uploaded' | 'closing' | 'batchClosed' | 'batchJudged';

export type SessionProgram =
  | { when: BatchMoment; end: BatchEnd }
  | { when: 'onlineClosed'; end: SessionEnd }
  | { when: 'judged'; everyInvoice: InvoiceProgram };

/** The end of every batch session with the invoice in it, and its verdict where it is sent interactively. */
export type GuiltyProgram = { end: BatchEnd; alone: Verdict };

export type LoginTrouble = Arming & { login: LoginProgram };
export type SessionTrouble = Arming & { session: SessionProgram };
export type InvoiceTrouble = Arming & {
  invoice: InvoiceProgram;
  /** Strikes these invoices alone, by the number the seller gave them. */
  invoiceNumbers?: readonly string[] | undefined;
  sessionReference?: string;
};

export type GuiltyTrouble = Arming & { guilty: GuiltyProgram; invoiceNumbers: readonly string[] };

export type Trouble = LoginTrouble | SessionTrouble | InvoiceTrouble | GuiltyTrouble;

export type Troubles = {
  logins: Armed<LoginTrouble>;
  sessions: Armed<SessionTrouble>;
  invoices: Armed<InvoiceTrouble>;
  guilty: Armed<GuiltyTrouble>;
  list(): Trouble[];
  clear(): void;
};

export function createTroubles(): Troubles {
  const logins = createArmed<LoginTrouble>();
  const sessions = createArmed<SessionTrouble>();
  const invoices = createArmed<InvoiceTrouble>();
  const guilty = createArmed<GuiltyTrouble>();
  const all = [logins, sessions, invoices, guilty];
  return {
    logins,
    sessions,
    invoices,
    guilty,
    list: () => all.flatMap<Trouble>((armed) => armed.list()),
    clear() {
      for (const armed of all) armed.clear();
    },
  };
}

export function strikeLogin(troubles: Troubles, context: ContextIdentifier): LoginProgram | null {
  const struck = troubles.logins.strike((trouble) => aimsAt(trouble, contextNip(context)));
  return struck === null ? null : struck.login;
}

/** What a batch session ends with at this moment of its life, in place of what it deserves. */
export function strikeBatch(troubles: Troubles, session: Session, when: BatchMoment): BatchEnd | null {
  const struck = strikeSession(troubles, session, when);
  return struck?.when === when ? struck.end : null;
}

export function strikeOnline(troubles: Troubles, session: Session): SessionEnd | null {
  const struck = strikeSession(troubles, session, 'onlineClosed');
  return struck?.when === 'onlineClosed' ? struck.end : null;
}

/** Turns a fault of the whole session into one of each of its invoices. */
export function strikeEveryInvoice(troubles: Troubles, session: Session, invoices: number): void {
  const struck = strikeSession(troubles, session, 'judged');
  if (struck?.when !== 'judged') return;
  const sessionReference = session.referenceNumber;
  troubles.invoices.add({ times: invoices, skip: 0, invoice: struck.everyInvoice, sessionReference });
}

export function strikeInvoice(
  troubles: Troubles,
  session: Session,
  facts: InvoiceFacts,
): InvoiceProgram | null {
  const seller = contextNip(session.owner.context);
  const struck = troubles.invoices.strike(
    (trouble) =>
      aimsAt(trouble, seller) &&
      (trouble.invoiceNumbers ?? [facts.number]).includes(facts.number) &&
      (trouble.sessionReference ?? session.referenceNumber) === session.referenceNumber,
  );
  return struck === null ? null : struck.invoice;
}

function strikeSession(
  troubles: Troubles,
  session: Session,
  when: SessionProgram['when'],
): SessionProgram | null {
  const seller = contextNip(session.owner.context);
  const struck = troubles.sessions.strike(
    (trouble) => trouble.session.when === when && aimsAt(trouble, seller),
  );
  return struck === null ? null : struck.session;
}
