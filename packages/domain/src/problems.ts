/**
 * The error catalogue: every problem the API can answer, with its HTTP status and what the caller should do.
 * docs/errors.md is compared with it by a test. Codes are stable; sentences may improve.
 */
export const PROBLEMS = {
  UNAUTHENTICATED: {
    status: 401,
    title: 'No valid API key',
    advice: 'Send the header "Authorization: Bearer <api key>" with a key that has not been deleted.',
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: 'Too many wrong keys from this address',
    advice: 'Wait for the time that Retry-After names, then log in with a key that has not been deleted.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'This key may not do that',
    advice: 'Use a key whose role and sellers cover this call, or ask an administrator for one.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'Nothing here',
    advice: 'Check the address and the identifier; /openapi.json lists every call.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Not with this method',
    advice: '/openapi.json lists the methods of every address.',
  },
  INVALID_NIP: {
    status: 400,
    title: 'Not a NIP',
    advice: 'A NIP is ten digits without dashes, as KSeF writes it.',
  },
  INVALID_REQUEST: {
    status: 400,
    title: 'The request is not as described',
    advice: 'Compare it with /openapi.json; "errors" names every place that is wrong.',
  },
  MALFORMED_BODY: {
    status: 400,
    title: 'The body cannot be read',
    advice: 'Send well-formed content of the type that Content-Type names.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unknown content type',
    advice: 'Send application/xml, application/json, application/zip or multipart/form-data.',
  },
  NO_INVOICES: {
    status: 400,
    title: 'No invoice in the request',
    advice: 'Send at least one invoice XML.',
  },
  TOO_LARGE: {
    status: 413,
    title: 'Too much for one call',
    advice:
      'Send at most 20,000 invoices and 256 MB a call, also when unpacked; split it into several calls.',
  },
  ARCHIVE_UNREADABLE: {
    status: 400,
    title: 'The archive cannot be unpacked',
    advice: 'Send a plain ZIP (stored or deflated, not encrypted) made of XML files only.',
  },
  ARCHIVE_UNSAFE: {
    status: 400,
    title: 'The archive is not flat or not safe',
    advice:
      'Put the XML files at the top of the archive: no folders, no links, no archives inside, each name once.',
  },
  ALL_REFUSED: {
    status: 422,
    title: 'Every invoice was refused',
    advice: 'See "invoices": each carries all its reasons. Correct them and send again.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key came before with another body',
    advice: 'Use a new key for a new body; repeat a body with its own key.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'A call with this Idempotency-Key is still being answered',
    advice: 'Repeat in a moment to get its answer.',
  },
  INVALID_CREDENTIALS: {
    status: 400,
    title: 'These credentials cannot be used',
    advice:
      'Send a KSeF token, a certificate with its key in PEM or as PKCS#12, or the name of shared credentials; "detail" says what is wrong.',
  },
  UNKNOWN_SHARED_CREDENTIALS: {
    status: 404,
    title: 'No shared credentials of this name',
    advice: 'Create them first with PUT /v1/credentials/{name}.',
  },
  UNKNOWN_SELLER: {
    status: 404,
    title: 'This seller is not known here',
    advice: 'Sellers begin with PUT /v1/sellers/{nip}/credentials or with their first invoice.',
  },
  NOT_HELD: {
    status: 409,
    title: 'This invoice is not held',
    advice: 'Only a held invoice can be retried, withdrawn or resolved; GET it to see its state.',
  },
  NOT_A_DOUBTFUL_DUPLICATE: {
    status: 409,
    title: 'This invoice is not held as a doubtful duplicate',
    advice: 'Only a duplicate that could not be told is resolved by a person; use retry or withdraw.',
  },
  INVALID_KSEF_NUMBER: {
    status: 400,
    title: 'Not a KSeF number',
    advice: 'A KSeF number is NIP-YYYYMMDD-FFFFFFFFFFFF-CC with correct check digits; copy it whole.',
  },
  UPO_NOT_AVAILABLE: {
    status: 409,
    title: 'There is no UPO for this invoice',
    advice: 'Only invoices that KSeF accepted get one; GET the invoice to see its state and error.',
  },
  QR_NOT_AVAILABLE: {
    status: 409,
    title: 'This invoice has no such QR code',
    advice:
      'KOD II is for offline invoices of sellers with a valid Offline certificate (PUT /v1/sellers/{nip}/offline-certificate); rejected and withdrawn invoices have none.',
  },
  CONFIRMATION_NOT_AVAILABLE: {
    status: 409,
    title: 'KSeF cannot be asked to confirm this invoice',
    advice: 'Only a cleared invoice can be fetched back, and reading it needs the permission InvoiceRead.',
  },
  AUTH_SESSIONS_NOT_AVAILABLE: {
    status: 409,
    title: 'KSeF cannot be asked about its authentication sessions, or refuses',
    advice:
      "GET the seller's status to see how its login stands; the list names the sessions that there are.",
  },
  INVALID_WEBHOOK: {
    status: 400,
    title: 'A webhook cannot go to this address',
    advice:
      'Give an https address of a public host without a user in it, or name the host in WSAD_WEBHOOK_HOSTS; "detail" says what is wrong.',
  },
  WEBHOOK_DISABLED: {
    status: 409,
    title: 'This webhook is disabled',
    advice: 'Enable it with PATCH and {"active": true}; GET it to see why it was disabled.',
  },
  NOT_READY: {
    status: 503,
    title: 'The ledger cannot be reached',
    advice: 'Nothing was taken in. Repeat after the time that Retry-After names.',
  },
  LEDGER_FULL: {
    status: 503,
    title: 'The ledger has no room left',
    advice:
      "Nothing was taken in or changed. Free space on PostgreSQL's disk; it then goes on by itself. Repeat after the time that Retry-After names.",
  },
  LEDGER_DISK_FAILS: {
    status: 503,
    title: "The ledger's disk cannot be read or written",
    advice:
      "Nothing was taken in or changed. PostgreSQL's disk gives errors or lets nobody write: see to it, or move PostgreSQL to another; it then goes on by itself. Repeat after the time that Retry-After names.",
  },
  TOO_BUSY: {
    status: 503,
    title: 'Too many large calls at once',
    advice: 'Nothing was taken in. Repeat after the time that Retry-After names, with fewer calls at once.',
  },
  NO_TEMPORARY_FILE: {
    status: 503,
    title: 'A large archive has no place to be unpacked from',
    advice:
      "Nothing was taken in. See that the API's folder for temporary files (TMPDIR) can be written and has room; 4 MB at once need none. Repeat after the time that Retry-After names.",
  },
  PAYLOAD_DAMAGED: {
    status: 500,
    title: 'What is stored of this invoice is damaged',
    advice:
      'Nothing that differs from what was handed in is given out or sent. Where it is held for that, hand the very same file in again in a new call (under a new Idempotency-Key); else bring it back from a backup of the database, or from wherever it was made.',
  },
  INTERNAL: {
    status: 500,
    title: 'A fault of ours',
    advice: 'Repeat with the same Idempotency-Key; if it stays, report the "instance" of this answer.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** Thrown by request handlers; one place turns it into application/problem+json. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail?: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail ?? PROBLEMS[code].title);
    this.name = 'Problem';
    this.code = code;
    this.extra = extra;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}
