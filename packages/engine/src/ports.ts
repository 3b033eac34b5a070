/**
 * What the engine needs of the world. ledger, ksef, archive and jobs fit these shapes without knowing of them;
 * the apps wire them together in one visible place.
 */
import type {
  AttachmentConsent,
  Authentication,
  AuthSession,
  Credential,
  DeadlineThreshold,
  DispatchDecision,
  EmitEvent,
  FollowedSession,
  FormCode,
  HoldCause,
  InvoiceRefusal,
  InvoiceSettlement,
  KsefVerdict,
  Lane,
  LatarniaReading,
  LoginTokens,
  Mode,
  PackageFacts,
  PartUpload,
  RateLimits,
  Receipt,
  Room,
  RunningOut,
  SendingSession,
  SessionKind,
  SessionMember,
  SessionOpened,
  Waiting,
} from '@wsad/domain';

export type Clock = () => Date;

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
  ): Promise<{ decision: DispatchDecision; sessions: { id: string; kind: SessionKind; invoices: number }[] }>;
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
  /** Stored invoices in ordinal order, read in bounded pages; `deflated` is raw deflate of the original bytes. */
  payloads(
    sessionId: string,
  ): AsyncIterable<{ ordinal: number; invoiceId: string; sha256: string; deflated: Buffer }>;
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

export interface FollowingLedger {
  followedSession(sessionId: string): Promise<FollowedSession | null>;
  recordPoll(sessionId: string, at: Date, statusCode: number | null, nextPollAt: Date): Promise<void>;
  /** KSeF could not be asked: the look is put off, and counts neither as one nor as a failure. */
  postponePoll(sessionId: string, nextPollAt: Date): Promise<void>;
  /**
   * All verdicts and receipts in one transaction; invoices settled by others meanwhile are left alone. With
   * `receiptsDueAt` the session is followed on until its UPO is there.
   */
  settleSession(
    sessionId: string,
    settlements: readonly InvoiceSettlement[],
    receipts: readonly Receipt[],
    at: Date,
    receiptsDueAt?: Date | null,
  ): Promise<{ cleared: number; rejected: number; held: number; again: number; markedOffline: number }>;
  /** KSeF failed the whole session: its invoices go again, or are held after too many attempts. */
  failSession(sessionId: string, verdict: KsefVerdict, at: Date): Promise<void>;
  /** Our own invoice that already has this KSeF number, with its hash; null where none. */
  hashOfKsefNumber(ksefNumber: string): Promise<string | null>;
  /** Where the invoice's own UPO is to be had; null unless it is cleared in a session of ours. */
  receiptSource(invoiceId: string): Promise<{
    nip: string;
    sessionReference: string;
    ksefNumber: string;
    credentialId: string | null;
    stored: boolean;
  } | null>;
  saveInvoiceReceipt(invoiceId: string, xml: Buffer, sha256: string, at: Date): Promise<void>;
  /** KSeF will not give it to us: nobody needs to ask again. */
  refuseInvoiceReceipt(invoiceId: string, why: string, at: Date): Promise<void>;
  /** A cleared invoice that is still to be fetched back; null where there is nothing to ask. */
  confirmationSource(invoiceId: string, now: Date): Promise<{ nip: string; ksefNumber: string } | null>;
  saveConfirmation(
    invoiceId: string,
    given: { sha256: string } | { refusal: string },
    at: Date,
  ): Promise<void>;
}

export interface LoginLedger {
  /** With the credentials in use, or with those named (a session is read by the ones that opened it). */
  authentication(nip: string, credentialId?: string): Promise<Authentication | null>;
  credentialOf(nip: string): Promise<Credential | null>;
  /** Also one that has been replaced, while a session that it opened is under way. */
  credentialById(id: string): Promise<Credential | null>;
  /**
   * One login or refresh at a time over all processes: true for the one who may. Name the credentials that are tried,
   * here and in `failLogin`: they may be replaced meanwhile, and the new ones are not to blame for the old.
   */
  beginLogin(nip: string, owner: string, now: Date, leaseMs: number, credentialId?: string): Promise<boolean>;
  /** The turn was not needed after all. */
  releaseLogin(nip: string, owner: string, credentialId: string): Promise<void>;
  /** Sign of life of a login that takes its time: KSeF may wait for a certificate's issuer. */
  renewLogin(nip: string, owner: string, now: Date, leaseMs: number): Promise<void>;
  /** Answers the lanes whose invoices were held for want of a permission that this login shows: they are in line again. */
  finishLogin(
    nip: string,
    owner: string,
    credentialId: string,
    method: string,
    tokens: LoginTokens,
    now: Date,
  ): Promise<readonly Lane[]>;
  /** Ends an attempt: `refused`/`blocked` hold, null leaves the state as it was with the error noted. */
  failLogin(
    nip: string,
    owner: string,
    state: 'refused' | 'blocked' | null,
    error: string,
    now: Date,
    credentialId?: string,
  ): Promise<void>;
  /** The access token was refused with 401: do not use it again. */
  dropAccessToken(nip: string, accessToken: string): Promise<void>;
  /** What somebody asked for: the authentication sessions to be revoked, and whether they are to be listed. */
  authSessionWork(nip: string): Promise<{ revocations: readonly string[]; listWanted: boolean }>;
  saveAuthSessions(
    nip: string,
    given: { sessions: readonly AuthSession[] } | { refusal: string },
    now: Date,
  ): Promise<void>;
  /** `ownedBy`: the credentials whose login was revoked, where it was ours: their tokens are forgotten. */
  saveRevocation(
    nip: string,
    reference: string,
    came: { ownedBy: string | null } | { refusal: string },
    now: Date,
  ): Promise<void>;
  saveRateLimits(nip: string, limits: RateLimits, now: Date): Promise<void>;
  /** When the limits in force were last read; null if never. */
  rateLimitsReadAt(nip: string): Promise<Date | null>;
}

export interface RescueLedger {
  /** Lanes with an invoice due at `now`. */
  lanesDue(now: Date, limit: number): Promise<Lane[]>;
  /** One lane of each seller whose held attachments are to be asked after again. */
  lanesAwaitingConsent(now: Date, limit: number): Promise<Lane[]>;
  /** Sender sessions whose lease ran out, and `closed`/`abandoned` ones whose next poll is overdue. */
  sessionsToSend(now: Date, limit: number): Promise<string[]>;
  sessionsToFollow(now: Date, limit: number): Promise<string[]>;
  /** Certificates in use that end before `until`, each answered once a day over all processes. */
  certificatesRunningOut(now: Date, until: Date): Promise<RunningOut[]>;
  /** Old call slots, expired idempotency keys: bounded work, safe at any time. */
  tidy(now: Date): Promise<void>;
}

/** The rounds that one process makes for all. */
export interface WatchLedger {
  /** True for the one process whose turn it is; nobody else gets it within `everyMs`. */
  takeTurn(name: string, now: Date, everyMs: number): Promise<boolean>;
  putOffTurn(name: string, until: Date): Promise<void>;
  /** KSeF has been away for all, the pause is over, and nobody is finding out whether it is back. */
  probeIsDue(now: Date): Promise<boolean>;
  /** Warnings that nobody has given yet; whoever gets them gives them. */
  warnOfDeadlines(
    now: Date,
  ): Promise<{ nip: string; threshold: DeadlineThreshold; deadlineAt: Date; invoices: number }[]>;
  recordLatarnia(reading: LatarniaReading, at: Date): Promise<void>;
  /** Answers how many readings in a row have failed by now. */
  recordLatarniaFailure(error: string, at: Date): Promise<number>;
}

export type Ledger = DispatchLedger &
  SendingLedger &
  FollowingLedger &
  LoginLedger &
  RescueLedger &
  WatchLedger;

export interface SessionStatus {
  readonly code: number;
  readonly description: string;
  readonly details: readonly string[];
  readonly invoiceCount: number | null;
  readonly successfulInvoiceCount: number | null;
  readonly failedInvoiceCount: number | null;
  readonly upoPages: readonly { reference: string; downloadUrl: string }[];
}

export interface SessionInvoice {
  readonly ordinal: number;
  readonly sha256: string;
  readonly fileName: string | null;
  readonly reference: string;
  readonly ksefNumber: string | null;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  readonly verdict: KsefVerdict;
}

export interface UpoEntry {
  readonly ksefNumber: string;
  readonly sha256: string;
  readonly invoiceNumber: string;
  readonly acquiredAt: Date | null;
  readonly invoicingMode: string | null;
}

/** KSeF's API, call by call. Failures are KsefFault; LimitReached means that nothing was sent. */
export interface Ksef {
  login(nip: string, credential: Credential, signal?: AbortSignal): Promise<LoginTokens>;
  refresh(
    nip: string,
    refreshToken: string,
  ): Promise<{ accessToken: string; accessUntil: Date; permissions: readonly string[] }>;
  /** Those that are active, all pages. */
  authSessions(nip: string, accessToken: string): Promise<readonly AuthSession[]>;
  /** `current`: the one that the token comes from. */
  revokeAuthSession(nip: string, accessToken: string, reference: string): Promise<void>;
  rateLimits(nip: string, accessToken: string): Promise<RateLimits>;
  /** A call that asks nothing of anybody, to see whether KSeF answers. */
  probe(): Promise<void>;
  /** Whether the seller may send attachments now, and until when where KSeF names an end. */
  attachmentConsent(
    nip: string,
    accessToken: string,
    signal?: AbortSignal,
  ): Promise<{ allowed: boolean; until: Date | null }>;
  openBatch(
    nip: string,
    accessToken: string,
    request: {
      form: FormCode;
      mode: Mode;
      package: PackageFacts;
      parts: readonly { ordinal: number; sizeBytes: number; sha256: string }[];
      key: Buffer;
      iv: Buffer;
    },
  ): Promise<{
    reference: string;
    uploads: readonly (PartUpload & { ordinal: number })[];
    usableUntil: Date;
  }>;
  uploadPart(
    upload: PartUpload,
    part: { sizeBytes: number; open(): NodeJS.ReadableStream },
    signal?: AbortSignal,
  ): Promise<void>;
  closeBatch(nip: string, accessToken: string, reference: string): Promise<void>;
  openOnline(
    nip: string,
    accessToken: string,
    request: { form: FormCode; key: Buffer; iv: Buffer },
  ): Promise<{ reference: string; usableUntil: Date }>;
  sendInvoice(
    nip: string,
    accessToken: string,
    reference: string,
    invoice: {
      sha256: string;
      sizeBytes: number;
      encrypted: Buffer;
      encryptedSha256: string;
      mode: Mode;
      correctedSha256?: string | null;
    },
  ): Promise<{ reference: string }>;
  closeOnline(nip: string, accessToken: string, reference: string): Promise<void>;
  sessionStatus(nip: string, accessToken: string, reference: string): Promise<SessionStatus>;
  /** Every invoice of the session, page by page; `failed` narrows to the refused ones. */
  sessionInvoices(
    nip: string,
    accessToken: string,
    reference: string,
    which: 'all' | 'failed',
  ): AsyncIterable<SessionInvoice>;
  downloadUpo(url: string): Promise<{ xml: Buffer; sha256: string; entries: UpoEntry[] }>;
  invoiceUpo(
    nip: string,
    accessToken: string,
    reference: string,
    ksefNumber: string,
  ): Promise<{ xml: Buffer; sha256: string }>;
  /** Hash of an invoice in KSeF, by its number. */
  hashOfInvoice(nip: string, accessToken: string, ksefNumber: string): Promise<string>;
  /** An invoice in KSeF, by its number, with the hash of the bytes that came. */
  downloadInvoice(
    nip: string,
    accessToken: string,
    ksefNumber: string,
  ): Promise<{ xml: Buffer; sha256: string }>;
}

/** The bell: best effort, deduplicated; losing a ring costs seconds, never an invoice. */
export interface Doorbell {
  dispatch(lane: Lane): Promise<void>;
  send(sessionId: string): Promise<void>;
  follow(sessionId: string): Promise<void>;
  login(nip: string): Promise<void>;
  invoiceReceipt(invoiceId: string): Promise<void>;
  confirmation(invoiceId: string): Promise<void>;
  authSessions(nip: string): Promise<void>;
}

export interface Packager {
  build(input: {
    entries: AsyncIterable<{ name: string; bytes: Uint8Array }>;
    compression: 'TarGz' | 'Zip';
    key: Buffer;
    iv: Buffer;
    signal?: AbortSignal;
  }): Promise<BuiltPackage>;
  encryptInvoice(
    plain: Uint8Array,
    key: { key: Buffer; iv: Buffer },
  ): { encrypted: Buffer; sha256: string; sizeBytes: number; encryptedSha256: string };
  inflate(deflated: Buffer): Buffer;
}

export interface BuiltPackage {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly parts: readonly { ordinal: number; sizeBytes: number; sha256: string; path: string }[];
  open(ordinal: number): NodeJS.ReadableStream;
  dispose(): Promise<void>;
}

/** KSeF's status service; a reading that fails throws. */
export interface LatarniaSource {
  read(): Promise<LatarniaReading>;
}

export interface World {
  readonly ledger: Ledger;
  readonly ksef: Ksef;
  readonly packager: Packager;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly emit: EmitEvent;
  /** Who this process is in leases: unique for each start. */
  readonly owner: string;
  readonly compression: 'TarGz' | 'Zip';
  /** Null where none is read. */
  readonly latarnia: LatarniaSource | null;
}
