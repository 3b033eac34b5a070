/** What the ledger does for invoices on their way out: claims, and every step of sending. */
import type {
  AttachmentConsent,
  DispatchDecision,
  HoldCause,
  InvoiceRefusal,
  KsefVerdict,
  Lane,
  Origin,
  Room,
  SendingSession,
  SessionKind,
  SessionMember,
  SessionOpened,
  Waiting,
} from '@wsad/domain';
import type { PackedInvoice } from './world.ts';

export interface DispatchLedger {
  /**
   * Runs `decide` on what waits in the lane, under the lane's lock, and carries the claims out in the same
   * transaction: session rows in `claimed` with fresh keys, their invoices `sending`. Claims may come out smaller by
   * bytes. A paused seller or system answers idle.
   */
  claimLane(
    lane: Lane,
    now: Date,
    decide: (waiting: Waiting, room: Room) => DispatchDecision,
  ): Promise<{
    decision: DispatchDecision;
    sessions: { id: string; kind: SessionKind; invoices: number; origins: readonly Origin[] }[];
  }>;
  /**
   * Puts every `accepted` invoice of the seller on hold; answers how many. Nothing is done where the login in use gives
   * no such cause (any more), unless KSeF said so to a call.
   */
  holdSeller(
    nip: string,
    cause: HoldCause,
    detail: string,
    now: Date,
    known?: { byCall: boolean },
  ): Promise<number>;
  /**
   * How the seller's attachments stand: some wait or are held for consent (else null), KSeF's last word where it is
   * still good, and whether it may be asked. The lane's waiting invoices hold no attachment while there is no good word.
   */
  attachmentStanding(
    nip: string,
    now: Date,
  ): Promise<{ waiting: boolean; answer: AttachmentConsent | null; mayAsk: boolean } | null>;
  recordConsent(nip: string, answer: AttachmentConsent, now: Date, goodUntil: Date): Promise<void>;
  /** No answer came: not to be asked before `until`. */
  deferConsent(nip: string, now: Date, until: Date): Promise<void>;
  /** Puts every attachment in line on hold; answers how many. */
  holdAttachments(nip: string, now: Date): Promise<number>;
  /** Puts what is held for want of consent back in line; answers whose bells to ring. */
  releaseAttachments(nip: string, now: Date): Promise<readonly Lane[]>;
}

export interface StoredInvoice extends Omit<PackedInvoice, 'name' | 'deflated'> {
  /** Null where it is gone or cannot be read, and for an invoice that is in the session no more: it must not go with it. */
  readonly deflated: Buffer | null;
  readonly ordinal: number;
  readonly invoiceId: string;
}

export interface SendingLedger {
  /** Takes the session for `leaseMs`; null where it needs no sender or another holds it. A new taker raises the fence. */
  acquireSession(
    sessionId: string,
    owner: string,
    now: Date,
    leaseMs: number,
  ): Promise<SendingSession | null>;
  /** False when the fence is not ours any more: stop at once. */
  renewLease(sessionId: string, fence: number, now: Date, leaseMs: number): Promise<boolean>;
  /** Lets go of the session; with `retryAt` nobody needs to ring for it before then (anybody may take it earlier). */
  releaseLease(sessionId: string, fence: number, retryAt: Date | null): Promise<void>;
  members(sessionId: string): Promise<SessionMember[]>;
  /** Stored invoices in ordinal order, read in bounded pages. */
  payloads(sessionId: string): AsyncIterable<StoredInvoice>;
  recordOpened(sessionId: string, fence: number, opened: SessionOpened): Promise<void>;
  recordPartUploaded(sessionId: string, fence: number, ordinal: number, at: Date): Promise<void>;
  /** Interactive: sending begins. Null takes it back, where it is certain that nothing left. */
  recordInvoiceIntent(sessionId: string, fence: number, ordinal: number, at: Date | null): Promise<void>;
  recordInvoiceSent(
    sessionId: string,
    fence: number,
    ordinal: number,
    reference: string,
    at: Date,
  ): Promise<void>;
  /** Interactive: KSeF took nothing in and said why; for the session it is as if the invoice had never been in it. */
  recordInvoiceRefused(
    sessionId: string,
    fence: number,
    ordinal: number,
    refusal: InvoiceRefusal,
    at: Date,
  ): Promise<void>;
  /**
   * Holds those whose payload is damaged; for the session it is as if they had never been in it. None that may have been
   * sent, or that is in the session no more. At once the session is given up, unless KSeF may hold its invoices already.
   */
  holdDamaged(
    sessionId: string,
    fence: number,
    ordinals: readonly number[],
    words: { readonly detail: string; readonly why: string },
    at: Date,
  ): Promise<{ held: number; abandoned: boolean }>;
  recordClosing(sessionId: string, fence: number, at: Date): Promise<void>;
  /** `closed`, its invoices `processing`. */
  recordClosed(sessionId: string, fence: number, at: Date): Promise<void>;
  /**
   * Given up before closing: its invoices go back in line. False, and nothing done, where KSeF may hold its invoices
   * already (interactive ones were sent, or closing has begun): then it can only be closed.
   */
  abandonSession(
    sessionId: string,
    fence: number,
    why: string,
    at: Date,
    /** `unopened`: only where it has cost nothing yet. */
    known?: { unopened: boolean },
  ): Promise<boolean>;
  /**
   * KSeF refused the session before it was closed: its invoices go again, or are held after too many attempts.
   * `partsMissing`: KSeF said on closing that the parts never arrived. False as above.
   */
  failUnclosed(
    sessionId: string,
    fence: number,
    verdict: KsefVerdict,
    at: Date,
    known?: { partsMissing: boolean },
  ): Promise<boolean>;
}
