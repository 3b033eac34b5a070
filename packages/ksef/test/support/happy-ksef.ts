import { createHash } from 'node:crypto';
import type { Reply, Script } from './scripted-server.ts';
import { upoDocument, upoXml } from './upo-document.ts';
import { jwt, KEYS, NIP, publicKeysReply } from './world.ts';

export const LOGIN_REFERENCE = '20260901-AU-2FDC223000-C2BFC98A9C-4E';
export const SESSION = '20260901-SB-213D593000-4DE10D80A5-E9';
export const ONLINE = '20260901-SO-2C3E6C8000-B675CF5D68-07';
export const KSEF_NUMBER = '5265877635-20260901-010040741B3E-46';
export const CHALLENGE = '20260901-CR-2FDC223000-C2BFC98A9C-4E';
export const TIMESTAMP_MS = 1_788_256_800_123;

export const ACCESS_TOKEN = jwt({ exp: 1_788_257_700, per: ['InvoiceWrite', 'InvoiceRead'] });
export const REFRESH_TOKEN = jwt({ exp: 1_788_800_000, kind: 'refresh' });
export const LOGIN_TOKEN = jwt({ exp: 1_788_259_500, kind: 'login' });

type Routes = Record<string, Reply | Reply[] | Script>;

/** A KSeF to which everything is well; `over` replaces single answers. */
export function happyKsef(over: Routes = {}): Routes {
  return { ...loginRoutes(), ...sessionRoutes(), ...over };
}

function loginRoutes(): Routes {
  const keys = publicKeysReply();
  const started: Reply = {
    status: 202,
    json: {
      referenceNumber: LOGIN_REFERENCE,
      authenticationToken: { token: LOGIN_TOKEN, validUntil: '2026-09-01T10:45:00+00:00' },
    },
  };
  return {
    [KEYS]: keys,
    'POST /auth/challenge': {
      json: {
        challenge: CHALLENGE,
        timestamp: '2026-09-01T10:00:00.123+00:00',
        timestampMs: TIMESTAMP_MS,
        clientIp: '192.0.2.7',
      },
    },
    'POST /auth/ksef-token': started,
    'POST /auth/xades-signature': started,
    [`GET /auth/${LOGIN_REFERENCE}`]: loginStatus(200),
    'POST /auth/token/redeem': {
      json: {
        accessToken: { token: ACCESS_TOKEN, validUntil: '2026-09-01T10:15:00.1234567+00:00' },
        refreshToken: { token: REFRESH_TOKEN, validUntil: '2026-09-08T10:00:00+02:00' },
      },
    },
    'GET /auth/sessions': { json: { items: [listedAuthSession(LOGIN_REFERENCE, true)] } },
    [`DELETE /auth/sessions/${LOGIN_REFERENCE}`]: { status: 204 },
    'DELETE /auth/sessions/current': { status: 204 },
    'POST /auth/token/refresh': {
      json: { accessToken: { token: ACCESS_TOKEN, validUntil: '2026-09-01T10:30:00+00:00' } },
    },
  };
}

function sessionRoutes(): Routes {
  const upo = upoXml([upoDocument(1, { ksefNumber: KSEF_NUMBER })]);
  return {
    'GET /rate-limits': {
      json: Object.fromEntries(
        LIMIT_GROUPS.map((group) => [group, { perSecond: 10, perMinute: 20, perHour: 60 }]),
      ),
    },
    'GET /permissions/attachments/status': { json: { isAttachmentAllowed: true, revokedDate: null } },
    'POST /sessions/batch': {
      status: 201,
      json: {
        referenceNumber: SESSION,
        partUploadRequests: [
          {
            ordinalNumber: 1,
            method: 'PUT',
            url: 'https://storage.example.com/part/1?sig=abc',
            headers: { 'x-ms-blob-type': 'BlockBlob' },
          },
        ],
      },
    },
    [`POST /sessions/batch/${SESSION}/close`]: { status: 204 },
    'POST /sessions/online': {
      status: 201,
      json: { referenceNumber: ONLINE, validUntil: '2026-09-01T22:00:00.0154302+00:00' },
    },
    [`POST /sessions/online/${ONLINE}/invoices`]: {
      status: 202,
      json: { referenceNumber: '20260901-EE-319D7EE000-B67F415CDC-2C' },
    },
    [`POST /sessions/online/${ONLINE}/close`]: { status: 204 },
    'GET /sessions': { json: { sessions: [listedSession(SESSION)] } },
    [`GET /sessions/${SESSION}`]: {
      json: {
        status: { code: 150, description: 'Trwa przetwarzanie' },
        dateCreated: '2026-09-01T10:00:00+00:00',
        dateUpdated: '2026-09-01T10:00:01+00:00',
      },
    },
    [`GET /sessions/${SESSION}/invoices`]: { json: { invoices: [] } },
    [`GET /sessions/${SESSION}/invoices/failed`]: { json: { invoices: [] } },
    [`GET /sessions/${SESSION}/invoices/ksef/${KSEF_NUMBER}/upo`]: xmlReply(upo),
    [`GET /invoices/ksef/${KSEF_NUMBER}`]: xmlReply('<Faktura/>'),
  };
}

const LIMIT_GROUPS = [
  'batchSession',
  'collectiveIdentifier',
  'invoiceDownload',
  'invoiceExport',
  'invoiceExportStatus',
  'invoiceMetadata',
  'invoiceSend',
  'invoiceStatus',
  'onlineSession',
  'other',
  'sessionInvoiceList',
  'sessionList',
  'sessionMisc',
];

export function loginStatus(code: number, description = 'opis', details: string[] = []): Reply {
  return {
    json: {
      startDate: '2026-09-01T10:00:00+00:00',
      authenticationMethod: 'Token',
      authenticationMethodInfo: { category: 'Token', code: 'token.ksef', displayName: 'Token KSeF' },
      status: { code, description, details },
    },
  };
}

export function listedAuthSession(referenceNumber: string, isCurrent: boolean): object {
  return {
    referenceNumber,
    isCurrent,
    startDate: '2026-09-01T10:00:00.1234567+00:00',
    authenticationMethod: 'Token',
    authenticationMethodInfo: { category: 'Token', code: 'token.ksef', displayName: 'Token KSeF' },
    status: { code: 200, description: 'Uwierzytelnianie zakończone sukcesem' },
    isTokenRedeemed: true,
    refreshTokenValidUntil: '2026-09-08T10:00:00+00:00',
  };
}

export function listedSession(referenceNumber: string): object {
  return {
    referenceNumber,
    status: { code: 200, description: 'Sesja wsadowa przetworzona pomyślnie' },
    dateCreated: '2026-09-01T10:00:00.1234567+00:00',
    dateUpdated: '2026-09-01T10:00:09+00:00',
    validUntil: '2026-09-01T22:00:00+00:00',
    totalInvoiceCount: 7,
    successfulInvoiceCount: 6,
    failedInvoiceCount: 1,
  };
}

/** An XML document with the hash that storage tells. */
export function xmlReply(xml: string): Reply {
  const hash = createHash('sha256').update(xml).digest('base64');
  return { body: xml, headers: { 'content-type': 'application/xml', 'x-ms-meta-hash': hash } };
}

/** Everything a caller can ask for, with plausible arguments. */
export const BATCH_REQUEST = {
  form: 'FA (3)',
  mode: 'online',
  package: {
    compression: 'TarGz',
    sizeBytes: 16_037,
    sha256: 'WO86CC+1Lef11wEosItld/NPwxGN8tobOMLqk9PQjgs=',
  },
  parts: [{ ordinal: 1, sizeBytes: 16_048, sha256: '23ZyDAN0H/+yhC/En2xbNfF0tajAWSfejDaXD7fc2AE=' }],
  key: Buffer.alloc(32, 7),
  iv: Buffer.alloc(16, 9),
} as const;

export const INVOICE = {
  sha256: 'EbrK4cOSjW4hEpJaHU71YXSOZZmqP5++dK9nLgTzgV4=',
  sizeBytes: 6480,
  encrypted: Buffer.alloc(6496, 'encrypted invoice '),
  encryptedSha256: 'miYb1z3Ljw5VucTZslv3Tlt+V/EK1V8Q8evD8HMQ0dc=',
  mode: 'online',
} as const;

export const CREDENTIAL = {
  id: 'credential-1',
  type: 'ksefToken',
  token: `20260801-EC-1A2B3C4D5E-6F7A8B9C0D-11|nip-${NIP}|4f5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796`,
} as const;
