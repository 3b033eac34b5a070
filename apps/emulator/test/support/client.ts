import type { Emulator } from '../../src/index.ts';
import { encryptAes, encryptFor, freshSessionKey, type SessionKey, sha256 } from './crypto.ts';
import { type TestClock, WRONG_ON_PURPOSE } from './harness.ts';

export type Reply = { status: number; headers: Headers; body: unknown; text: string };

/** What the client calls: an emulator in this process, or one of its own. */
export type Target = {
  readonly emulator: Pick<Emulator, 'url'> & { control: Pick<Emulator['control'], 'keys' | 'idle'> };
  clock: Pick<TestClock, 'advance'>;
};

export type CallOptions = {
  body?: unknown;
  token?: string;
  /** The request is wrong on purpose. */
  wrong?: boolean;
  headers?: Record<string, string>;
};

export const fa3 = { systemCode: 'FA (3)', schemaVersion: '1-0E', value: 'FA' };

/** One call under /v2; time moves on by a second with each, so that limits stay out of the way. */
export async function call(
  harness: Target,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Reply> {
  harness.clock.advance(1000);
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  if (options.wrong === true) headers[WRONG_ON_PURPOSE] = '1';
  if (options.body !== undefined) headers['content-type'] ??= 'application/json';
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  return replyOf(await fetch(`${harness.emulator.url}/v2${path}`, { method, headers, body }));
}

export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

/** What lies at a dotted path, such as `upo.pages.0.downloadUrl`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }, value);
}

export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found !== 'string') throw new Error(`no text at ${path} in ${JSON.stringify(value)}`);
  return found;
}

export function listAt(value: unknown, path: string): unknown[] {
  const found = at(value, path);
  if (!Array.isArray(found)) throw new Error(`no list at ${path} in ${JSON.stringify(value)}`);
  return found;
}

export function exceptionCode({ body }: Reply): unknown {
  return at(body, 'exception.exceptionDetailList.0.exceptionCode');
}

export type Usage = 'KsefTokenEncryption' | 'SymmetricKeyEncryption';

export function publishedKey(harness: Target, usage: Usage): { certificate: string; publicKeyId: string } {
  const key = harness.emulator.control.keys().findLast((candidate) => candidate.usage === usage);
  if (key === undefined) throw new Error(`no key for ${usage}`);
  return key;
}

export type Login = { referenceNumber: string; authenticationToken: string };

/** Challenge and token: what begins a login. */
export async function beginLogin(harness: Target, nip: string, ksefToken: string): Promise<Login> {
  const { body: challenge } = await call(harness, 'POST', '/auth/challenge');
  const { certificate, publicKeyId } = publishedKey(harness, 'KsefTokenEncryption');
  const { body } = await call(harness, 'POST', '/auth/ksef-token', {
    body: {
      challenge: textAt(challenge, 'challenge'),
      contextIdentifier: { type: 'Nip', value: nip },
      encryptedToken: encryptFor(certificate, `${ksefToken}|${at(challenge, 'timestampMs')}`),
      publicKeyId,
    },
  });
  return {
    referenceNumber: textAt(body, 'referenceNumber'),
    authenticationToken: textAt(body, 'authenticationToken.token'),
  };
}

export type Tokens = { access: string; refresh: string; loginReference: string };

export async function logIn(harness: Target, nip: string, ksefToken = `token of ${nip}`): Promise<Tokens> {
  const login = await beginLogin(harness, nip, ksefToken);
  const token = login.authenticationToken;
  await call(harness, 'GET', `/auth/${login.referenceNumber}`, { token });
  const { body } = await call(harness, 'POST', '/auth/token/redeem', { token });
  return {
    access: textAt(body, 'accessToken.token'),
    refresh: textAt(body, 'refreshToken.token'),
    loginReference: login.referenceNumber,
  };
}

export function encryptionFor(harness: Target, sessionKey: SessionKey): Record<string, string> {
  const { certificate, publicKeyId } = publishedKey(harness, 'SymmetricKeyEncryption');
  return {
    encryptedSymmetricKey: encryptFor(certificate, sessionKey.key),
    initializationVector: sessionKey.iv.toString('base64'),
    publicKeyId,
  };
}

export type Package = { parts: Buffer[]; request: Record<string, unknown> };

export type PackageOptions = { compressionType?: 'Zip' | 'TarGz'; partBytes?: number; offlineMode?: boolean };

/** Splits and encrypts an archive, and says what `POST /sessions/batch` wants to hear of it. */
export function packageOf(harness: Target, archive: Buffer, options: PackageOptions = {}): Package {
  const { compressionType = 'TarGz', partBytes = 100_000_000, offlineMode } = options;
  const sessionKey = freshSessionKey();
  const parts: Buffer[] = [];
  for (let start = 0; start < archive.length; start += partBytes) {
    parts.push(encryptAes(sessionKey, archive.subarray(start, start + partBytes)));
  }
  const request = {
    formCode: fa3,
    batchFile: {
      fileSize: archive.length,
      fileHash: sha256(archive),
      compressionType,
      fileParts: parts.map((part, place) => ({
        ordinalNumber: place + 1,
        fileSize: part.length,
        fileHash: sha256(part),
      })),
    },
    encryption: encryptionFor(harness, sessionKey),
    ...(offlineMode !== undefined && { offlineMode }),
  };
  return { parts, request };
}

export type OpenedBatch = { reference: string; uploads: { url: string; headers: Record<string, string> }[] };

export async function openBatch(
  harness: Target,
  token: string,
  request: Record<string, unknown>,
): Promise<OpenedBatch> {
  const opened = await call(harness, 'POST', '/sessions/batch', { token, body: request });
  if (opened.status !== 201) throw new Error(`open answered ${opened.status}: ${opened.text}`);
  const uploads = listAt(opened.body, 'partUploadRequests').map((upload) => ({
    url: textAt(upload, 'url'),
    headers: { 'x-ms-blob-type': textAt(upload, 'headers.x-ms-blob-type') },
  }));
  return { reference: textAt(opened.body, 'referenceNumber'), uploads };
}

export async function uploadAll(batch: OpenedBatch, parts: readonly Buffer[]): Promise<void> {
  for (const [place, part] of parts.entries()) {
    const upload = batch.uploads[place];
    if (upload === undefined) throw new Error(`no address for part ${place + 1}`);
    const { status } = await fetch(upload.url, {
      method: 'PUT',
      headers: upload.headers,
      body: new Uint8Array(part),
    });
    if (status !== 201) throw new Error(`upload answered ${status}`);
  }
}

export async function closeBatch(harness: Target, token: string, reference: string): Promise<Reply> {
  const closed = await call(harness, 'POST', `/sessions/batch/${reference}/close`, { token });
  await harness.emulator.control.idle();
  return closed;
}

/** Opens, uploads, closes and waits; answers the reference and the session's status. */
export async function sendBatch(
  harness: Target,
  token: string,
  { parts, request }: Package,
): Promise<{ reference: string; status: unknown }> {
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  const closed = await closeBatch(harness, token, batch.reference);
  if (closed.status !== 204) throw new Error(`close answered ${closed.status}: ${closed.text}`);
  const { body } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token });
  return { reference: batch.reference, status: body };
}

export async function invoicesOf(
  harness: Target,
  token: string,
  reference: string,
  list = 'invoices?pageSize=1000',
): Promise<unknown[]> {
  const { body } = await call(harness, 'GET', `/sessions/${reference}/${list}`, { token });
  return listAt(body, 'invoices');
}

export type OpenedOnline = { reference: string; key: SessionKey };

export async function openOnline(harness: Target, token: string): Promise<OpenedOnline> {
  const key = freshSessionKey();
  const body = { formCode: fa3, encryption: encryptionFor(harness, key) };
  const opened = await call(harness, 'POST', '/sessions/online', { token, body });
  return { reference: textAt(opened.body, 'referenceNumber'), key };
}

export function sendBody(
  key: SessionKey,
  xml: Buffer,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const encrypted = encryptAes(key, xml);
  return {
    invoiceHash: sha256(xml),
    invoiceSize: xml.length,
    encryptedInvoiceHash: sha256(encrypted),
    encryptedInvoiceSize: encrypted.length,
    encryptedInvoiceContent: encrypted.toString('base64'),
    ...more,
  };
}

/** Sends one invoice interactively and waits for its verdict. */
export async function sendOnline(
  harness: Target,
  token: string,
  { reference, key }: OpenedOnline,
  xml: Buffer,
  more: Record<string, unknown> = {},
): Promise<unknown> {
  const path = `/sessions/online/${reference}/invoices`;
  const sent = await call(harness, 'POST', path, { token, body: sendBody(key, xml, more) });
  if (sent.status !== 202) throw new Error(`send answered ${sent.status}: ${sent.text}`);
  await harness.emulator.control.idle();
  const invoice = textAt(sent.body, 'referenceNumber');
  return (await call(harness, 'GET', `/sessions/${reference}/invoices/${invoice}`, { token })).body;
}
