/** What the ledger keeps, as the other rooms see it. Hashes are SHA-256 in base64, sizes bytes, times Date. */

import type { CorrectionFault } from './corrections.ts';
import type { Mode, SessionKind } from './dispatch-plan.ts';
import type { FormCode } from './environment.ts';
import type { AloneVerdict } from './ksef-answers/exceptions.ts';
import type { Permissions } from './permissions.ts';
import type { AuthenticationState, HoldCause, InvoiceState, SessionState } from './states.ts';
import type { Origin } from './work.ts';

export interface InvoiceFacts {
  readonly form: FormCode;
  /** NIP of Podmiot1, the seller, by which KSeF tells invoices apart. In FA_RR it is the farmer, and the buyer issues. */
  readonly issuerNip: string;
  /** RodzajFaktury: VAT, KOR, ZAL, ROZ, UPR, KOR_ZAL, KOR_ROZ; VAT_RR, KOR_VAT_RR. */
  readonly kind: string;
  /** P_2, in FA_RR P_4C. */
  readonly number: string;
  /** P_1, in FA_RR P_4B; `YYYY-MM-DD`. */
  readonly issueDate: string;
  /** True with an element Zalacznik: such an invoice may go by batch only. */
  readonly hasAttachment: boolean;
  readonly buyerName: string | null;
  readonly buyerNip: string | null;
  /** KodWaluty. */
  readonly currency: string | null;
  /** P_15, in FA_RR P_12_1, as written, in `currency`. */
  readonly grossAmount: string | null;
}

/** What the invoices of a call are told apart by, and answered with. */
export interface IntakeHead {
  /** Its place in the call, from 0. */
  readonly position: number;
  readonly externalId: string | null;
  readonly fileName: string | null;
  readonly sha256: string;
  readonly facts: Pick<InvoiceFacts, 'form' | 'issuerNip' | 'kind' | 'number'>;
  /** A technical correction: id or SHA-256 of the offline invoice that it replaces. */
  readonly correctionOf?: string | null;
}

/** An invoice that passed every check and is to be accepted. */
export interface IntakeInvoice extends IntakeHead {
  readonly sizeBytes: number;
  /** The original bytes, raw deflate. */
  readonly deflated: Uint8Array;
  /** Of the original bytes: a ZIP names it beside them. */
  readonly crc32: number;
  readonly facts: InvoiceFacts;
}

export interface RefusedInvoice {
  readonly position: number;
  readonly externalId: string | null;
  readonly fileName: string | null;
  readonly invoiceNumber: string | null;
  readonly sha256: string;
  readonly errors: readonly { code: string; message: string; line: number | null }[];
}

export interface AcceptCommand {
  readonly submissionId: string;
  /** The context: the seller of the path. */
  readonly nip: string;
  readonly mode: Mode;
  readonly invoices: readonly IntakeInvoice[];
  readonly refused: readonly RefusedInvoice[];
  readonly idempotencyKey: string | null;
  readonly actor: string;
  readonly now: Date;
  /** When they stop lingering for neighbours; `now` for a call of more than five or an urgent one. */
  readonly dueAt: Date;
  readonly urgent: boolean;
  /** None where no HTTP call brought them. */
  readonly origin?: Origin;
}

/** A call that was too large to be held: everything else of its invoices lies staged in the ledger already. */
export interface AcceptStagedCommand extends Omit<AcceptCommand, 'invoices'> {
  readonly stageId: string;
  readonly invoices: readonly IntakeHead[];
}

export type AcceptResult =
  | {
      readonly position: number;
      readonly kind: 'accepted';
      readonly id: string;
      readonly state: InvoiceState;
    }
  /** The same bytes are here already and live. */
  | {
      readonly position: number;
      readonly kind: 'existing';
      readonly id: string;
      readonly state: InvoiceState;
    }
  | { readonly position: number; readonly kind: 'uncorrectable'; readonly code: CorrectionFault }
  /** Same issuer, kind and number, other bytes; `earlier` is null where it belongs to another seller's context. */
  | {
      readonly position: number;
      readonly kind: 'conflict';
      readonly earlier: { id: string; state: InvoiceState; ksefNumber: string | null } | null;
    };

export type TakenResult = Extract<AcceptResult, { readonly id: string }>;

/** It is here, whether this call brought it or an earlier one. */
export function isTaken(result: AcceptResult): result is TakenResult {
  return result.kind === 'accepted' || result.kind === 'existing';
}

/** A session under a worker's lease; `fence` grows with every taking over and every write names it. */
export interface SendingSession {
  readonly id: string;
  readonly nip: string;
  readonly form: FormCode;
  readonly mode: Mode;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly fence: number;
  /** How often it was taken up since it last got on; for backing off. */
  readonly tries: number;
  readonly invoiceCount: number;
  /** Its invoices were in a session that KSeF failed as a whole. */
  readonly onTrial: boolean;
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly reference: string | null;
  readonly credentialId: string | null;
  readonly openedAt: Date | null;
  /** Until when KSeF takes uploads (batch) or invoices (interactive). */
  readonly usableUntil: Date | null;
  readonly package: PackageFacts | null;
  readonly parts: readonly SessionPart[];
  readonly origins: readonly Origin[];
}

export interface PackageFacts {
  readonly compression: 'TarGz' | 'Zip';
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface SessionPart {
  readonly ordinal: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly upload: PartUpload;
  readonly uploadedAt: Date | null;
}

/** Where and how KSeF wants a part; the address is a secret (it carries its own permission). */
export interface PartUpload {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SessionMember {
  readonly ordinal: number;
  readonly invoiceId: string;
  readonly sha256: string;
  /** The number that the seller gave it. */
  readonly invoiceNumber: string;
  readonly sizeBytes: number;
  /** Interactive: sending was begun; without a reference the answer may be lost. */
  readonly intentAt: Date | null;
  /** Interactive: KSeF refused it alone and took nothing in, so this session has nothing more to do with it. */
  readonly refusedAt?: Date | null;
  /** Its end, or its next session, is known: this session decides nothing about it any more. */
  readonly elsewhere?: boolean;
  readonly reference: string | null;
  /** A technical correction: SHA-256 of the refused invoice that it replaces. */
  readonly correctedSha256?: string | null;
}

export interface SessionOpened {
  readonly reference: string;
  readonly credentialId: string;
  readonly openedAt: Date;
  readonly usableUntil: Date;
  readonly package: PackageFacts | null;
  readonly parts: readonly Omit<SessionPart, 'uploadedAt'>[];
}

/** A session that the poller follows. */
export interface FollowedSession {
  readonly id: string;
  readonly nip: string;
  readonly kind: SessionKind;
  readonly mode: Mode;
  readonly state: SessionState;
  readonly reference: string;
  readonly credentialId: string;
  readonly invoiceCount: number;
  readonly closedAt: Date | null;
  readonly polls: number;
  /** Looks in a row that got no answer. */
  readonly pollFailures: number;
  /** Looks in a row at which KSeF said that it knows no such session. */
  readonly unknownLooks: number;
  /** When KSeF was first seen to have judged or failed it. */
  readonly judgedAt: Date | null;
  /** Settled, but its UPO was not there yet. */
  readonly receiptsDue: boolean;
  /** Found at KSeF by a ledger that did not know it: there may be more in it than is here. */
  readonly foundAtKsef: boolean;
  readonly origins: readonly Origin[];
}

/** One invoice's end, found by its hash. */
export interface InvoiceSettlement {
  readonly sha256: string;
  readonly outcome:
    | {
        readonly state: 'cleared';
        readonly ksefNumber: string;
        readonly invoicingMode: string | null;
        readonly acquiredAt: Date | null;
        readonly receiptPage: number | null;
        /** Reference of the session that registered it, where that was an earlier one. */
        readonly originalSessionReference?: string | undefined;
      }
    | { readonly state: 'rejected'; readonly verdict: KsefVerdict }
    | { readonly state: 'held'; readonly cause: HoldCause; readonly verdict: KsefVerdict }
    /** Not this invoice's fault: the same bytes go again, or are held after too many attempts. */
    | { readonly state: 'again'; readonly verdict: KsefVerdict };
  readonly reference: string | null;
}

/** KSeF refused one invoice of an interactive session alone: what becomes of it, and its words. */
export interface InvoiceRefusal {
  /** `forbidden`: no login of the seller may send it (403), so it is held until one may. */
  readonly outcome: AloneVerdict | 'forbidden';
  readonly verdict: KsefVerdict;
}

/** Whether the seller may send attachments; `unknown` where KSeF does not tell us. */
export type AttachmentConsent = 'granted' | 'refused' | 'unknown';

/** KSeF's own words on an invoice. */
export interface KsefVerdict {
  readonly code: number;
  readonly description: string;
  readonly details: readonly string[];
  readonly originalKsefNumber?: string | undefined;
  readonly originalSessionReference?: string | undefined;
}

export interface Receipt {
  readonly page: number;
  readonly reference: string;
  readonly xml: Buffer;
  readonly sha256: string;
}

/** What a login proves itself with. */
export type LoginSecret =
  | { readonly type: 'ksefToken'; readonly token: string }
  | { readonly type: 'certificate'; readonly certificatePem: string; readonly privateKeyPem: string };

/** Whose a certificate is: a natural person's, a company's (its seal); `unknown` where KSeF could not tell. */
export type CertificateKind = 'personal' | 'seal' | 'unknown';

/** What may be told of a certificate. */
export interface CertificateFacts {
  readonly kind: CertificateKind;
  /** Its attributes in their order, `C=PL, O=…`. */
  readonly subject: string;
  /** Hexadecimal, as KSeF names it. */
  readonly serialNumber: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** A certificate in use that ends soon, or has ended; of a seller or shared. */
export interface RunningOut {
  readonly nip: string | null;
  readonly sharedName: string | null;
  readonly use: 'login' | 'offline';
  readonly validTo: Date;
}

export type Credential = LoginSecret & { readonly id: string };

export interface Authentication {
  readonly nip: string;
  readonly state: AuthenticationState;
  readonly credentialId: string | null;
  readonly method: string | null;
  readonly accessToken: string | null;
  readonly accessUntil: Date | null;
  readonly refreshToken: string | null;
  readonly refreshUntil: Date | null;
  readonly permissions: Permissions;
  /** When KSeF last named its limits for the seller's calls; long ago where they are not believed any more. */
  readonly limitsReadAt: Date | null;
  readonly lastError: string | null;
}

/** An authentication session that KSeF holds for a context. */
export interface AuthSession {
  readonly reference: string;
  /** The one that the token which asked comes from. */
  readonly current: boolean;
  readonly startedAt: Date;
  readonly method: string;
  readonly status: { readonly code: number; readonly description: string };
  /** Null where its tokens were never fetched. */
  readonly refreshUntil: Date | null;
}

export interface LoginTokens {
  readonly accessToken: string;
  readonly accessUntil: Date;
  readonly refreshToken: string;
  readonly refreshUntil: Date;
  readonly permissions: Permissions;
}
