/** The calls that faults can strike, by the short names the catalogue builds on. */

type CallKind = {
  operation: string;
  /** `api` calls are metered; `access` ones bring an access token too; storage knows neither. */
  side: 'open' | 'login' | 'access' | 'storage';
  /** The answer carries JSON. */
  hasJson: boolean;
};

function kind(operation: string, side: CallKind['side'], hasJson = true): CallKind {
  return { operation, side, hasJson };
}

export const calls = {
  keys: kind('GET /security/public-key-certificates', 'open'),
  challenge: kind('POST /auth/challenge', 'open'),
  login: kind('POST /auth/ksef-token', 'open'),
  'login-signed': kind('POST /auth/xades-signature', 'open'),
  'login-status': kind('GET /auth/{referenceNumber}', 'login'),
  redeem: kind('POST /auth/token/redeem', 'login'),
  refresh: kind('POST /auth/token/refresh', 'login'),
  'batch-open': kind('POST /sessions/batch', 'access'),
  upload: kind('PUT /storage/{session}/{part}', 'storage', false),
  'batch-close': kind('POST /sessions/batch/{referenceNumber}/close', 'access', false),
  'session-status': kind('GET /sessions/{referenceNumber}', 'access'),
  'session-list': kind('GET /sessions', 'access'),
  'invoice-list': kind('GET /sessions/{referenceNumber}/invoices', 'access'),
  'failed-list': kind('GET /sessions/{referenceNumber}/invoices/failed', 'access'),
  'invoice-status': kind('GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}', 'access'),
  'session-upo': kind('GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}', 'access', false),
  upo: kind('GET /storage/upo/{session}/{page}', 'storage', false),
  'online-open': kind('POST /sessions/online', 'access'),
  'invoice-send': kind('POST /sessions/online/{referenceNumber}/invoices', 'access'),
  'online-close': kind('POST /sessions/online/{referenceNumber}/close', 'access', false),
  'invoice-download': kind('GET /invoices/ksef/{ksefNumber}', 'access', false),
  'metadata-query': kind('POST /invoices/query/metadata', 'access'),
  'export-start': kind('POST /invoices/exports', 'access'),
  'export-status': kind('GET /invoices/exports/{referenceNumber}', 'access'),
  'export-part': kind('GET /storage/export/{export}/{part}', 'storage', false),
} as const satisfies Record<string, CallKind>;

export type CallName = keyof typeof calls;

export const callNames = Object.keys(calls).filter((name): name is CallName => name in calls);

export function operationOf(name: CallName): string {
  return calls[name].operation;
}
