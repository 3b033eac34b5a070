/** KSeF's API and its status service, call by call, in the shapes the engine works with. */
import type {
  AuthSession,
  Credential,
  FormCode,
  LoginTokens,
  LooksLeft,
  Mode,
  PackageFacts,
  PartUpload,
  RateLimits,
  SessionInvoice,
  SessionKind,
  SessionList,
  SessionStatus,
  UpoEntry,
} from '@wsad/domain';

/** KSeF's API, call by call. Failures are KsefFault; LimitReached means that nothing was sent. */
export interface Ksef {
  login(nip: string, credential: Credential, signal?: AbortSignal): Promise<LoginTokens>;
  refresh(
    nip: string,
    refreshToken: string,
  ): Promise<Pick<LoginTokens, 'accessToken' | 'accessUntil' | 'permissions'>>;
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
  /** The sessions that the login's subject opened in this time, the newest first, in so many pages at most. */
  listSessions(
    nip: string,
    accessToken: string,
    query: { kind: SessionKind; openedFrom: Date; openedUntil: Date; pagesMax: number },
  ): Promise<SessionList>;
  sessionStatus(nip: string, accessToken: string, reference: string): Promise<SessionStatus>;
  /** How many such looks are free, as the seller's last one found. */
  looksLeft(nip: string): LooksLeft;
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
  /** An invoice in KSeF, by its number, with the hash of the bytes that came. */
  downloadInvoice(
    nip: string,
    accessToken: string,
    ksefNumber: string,
  ): Promise<{ xml: Buffer; sha256: string }>;
}
