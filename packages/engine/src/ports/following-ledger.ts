/** What the ledger does for invoices that KSeF has, and for the logins that all of it needs. */
import type {
  Authentication,
  AuthSession,
  Credential,
  FollowedSession,
  InvoiceSettlement,
  KsefVerdict,
  Lane,
  LoginTokens,
  RateLimits,
  Receipt,
} from '@wsad/domain';

export interface FollowingLedger {
  followedSession(sessionId: string): Promise<FollowedSession | null>;
  /** `unknown`: KSeF said that it knows no such session. */
  recordPoll(
    sessionId: string,
    at: Date,
    statusCode: number | null,
    nextPollAt: Date,
    told?: { readonly unknown?: boolean },
  ): Promise<void>;
  /** KSeF could not be asked: the look is put off, and counts neither as one nor as a failure. */
  postponePoll(sessionId: string, nextPollAt: Date): Promise<void>;
  /** KSeF lets no login of the seller see or close the session: a person is told why, and a new login is asked. */
  recordShutOut(sessionId: string, why: string, at: Date): Promise<void>;
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
