/** A raw client in the middle of any call of the catalogue: everything before the call is done, the call is next. */
import type { CallName } from '../../src/faults/calls.ts';
import { tarGz } from './archives.ts';
import {
  at,
  beginLogin,
  call,
  closeBatch,
  encryptionFor,
  fa3,
  type Login,
  listAt,
  logIn,
  type OpenedBatch,
  openBatch,
  openOnline,
  packageOf,
  publishedKey,
  sendBatch,
  sendBody,
  type Target,
  textAt,
  uploadAll,
} from './client.ts';
import { encryptFor, freshSessionKey } from './crypto.ts';
import type { Harness } from './harness.ts';
import { freshNip, invoiceXml } from './invoice.ts';
import { freshChallenge, requestXml, selfSignedSeal, signByHand } from './xades.ts';

export type Ready = {
  nip: string;
  /** Makes the call; redirects are not followed. */
  send(signal?: AbortSignal): Promise<Response>;
  /** Adds headers to the call. */
  bring(headers: Record<string, string>): void;
  /** The status of the call where nothing is wrong. */
  natural: number;
  /** Whether the call has had its effect; left out where it has none to see. */
  hasWorked?: () => Promise<boolean>;
};

type Wish = { method: string; url: string; token?: string; body?: unknown; headers?: Record<string, string> };

function sender(harness: Harness, wish: Wish) {
  return (signal?: AbortSignal): Promise<Response> => {
    const { method, url, token, body, headers = {} } = wish;
    harness.clock.advance(1000);
    const isBytes = body instanceof Uint8Array;
    return fetch(url.startsWith('http') ? url : `${harness.emulator.url}/v2${url}`, {
      method,
      redirect: 'manual',
      signal: signal ?? null,
      headers: {
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !isBytes && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : isBytes ? new Uint8Array(body) : JSON.stringify(body),
    });
  };
}

export async function smallPackage(harness: Target, nip: string, numbers: readonly string[] = ['1']) {
  const files = numbers.map((number) => ({ name: `${number}.xml`, content: invoiceXml({ nip, number }) }));
  return packageOf(harness, await tarGz(files));
}

/** Gets a fresh seller to where the named call is next. */
export async function readyFor(harness: Harness, name: CallName): Promise<Ready> {
  const nip = freshNip();
  const ready: MakeReady = (natural, wish, hasWorked) => ({
    nip,
    natural,
    bring: (headers) => {
      wish.headers = { ...wish.headers, ...headers };
    },
    send: sender(harness, wish),
    ...(hasWorked && { hasWorked }),
  });
  if (isLoginCall(name)) return readyForLogin(harness, name, nip, ready);
  const { access: token } = await logIn(harness, nip);
  if (isOpening(name)) return readyToOpen(harness, name, token, ready, nip);
  if (isOnline(name)) return readyOnline(harness, name, { nip, token }, ready);
  if (name === 'upload' || name === 'batch-close') return readyInBatch(harness, name, { nip, token }, ready);
  return readyAfterBatch(harness, name, { nip, token }, ready);
}

type MakeReady = (natural: number, wish: Wish, hasWorked?: Ready['hasWorked']) => Ready;
type Seller = { nip: string; token: string };
type LoginCall = 'keys' | 'challenge' | 'login' | 'login-signed' | 'login-status' | 'redeem' | 'refresh';

function isLoginCall(name: CallName): name is LoginCall {
  return /^(keys|challenge|login|redeem|refresh)/.test(name);
}

function isOpening(name: CallName): name is 'batch-open' | 'online-open' {
  return name.endsWith('-open');
}

function isOnline(name: CallName): name is 'invoice-send' | 'online-close' {
  return name === 'invoice-send' || name === 'online-close';
}

async function readyForLogin(
  harness: Harness,
  name: LoginCall,
  nip: string,
  ready: MakeReady,
): Promise<Ready> {
  switch (name) {
    case 'keys':
      return ready(200, { method: 'GET', url: '/security/public-key-certificates' });
    case 'challenge':
      return ready(200, { method: 'POST', url: '/auth/challenge' });
    case 'login':
      return ready(202, { method: 'POST', url: '/auth/ksef-token', body: await loginBody(harness, nip) });
    case 'login-signed': {
      const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
      const document = Buffer.from(signByHand(request, selfSignedSeal(nip)));
      const headers = { 'content-type': 'application/xml' };
      return ready(202, { method: 'POST', url: '/auth/xades-signature', headers, body: document });
    }
    case 'refresh': {
      const { refresh } = await logIn(harness, nip);
      return ready(200, { method: 'POST', url: '/auth/token/refresh', token: refresh });
    }
    default:
      return readyInLogin(harness, name, await beginLogin(harness, nip, `token of ${nip}`), ready);
  }
}

function readyInLogin(
  harness: Harness,
  name: 'login-status' | 'redeem',
  { referenceNumber, authenticationToken: token }: Login,
  ready: MakeReady,
): Ready {
  const url = `/auth/${referenceNumber}`;
  if (name === 'login-status') return ready(200, { method: 'GET', url, token });
  return ready(200, { method: 'POST', url: '/auth/token/redeem', token }, async () => {
    const { body } = await call(harness, 'GET', url, { token });
    return at(body, 'isTokenRedeemed') === true;
  });
}

async function loginBody(harness: Harness, nip: string): Promise<unknown> {
  const { body: challenge } = await call(harness, 'POST', '/auth/challenge');
  const { certificate, publicKeyId } = publishedKey(harness, 'KsefTokenEncryption');
  return {
    challenge: textAt(challenge, 'challenge'),
    contextIdentifier: { type: 'Nip', value: nip },
    encryptedToken: encryptFor(certificate, `token of ${nip}|${at(challenge, 'timestampMs')}`),
    publicKeyId,
  };
}

async function readyToOpen(
  harness: Harness,
  name: 'batch-open' | 'online-open',
  token: string,
  ready: MakeReady,
  nip: string,
): Promise<Ready> {
  const kind = name === 'batch-open' ? 'batch' : 'online';
  const body =
    name === 'batch-open'
      ? (await smallPackage(harness, nip)).request
      : { formCode: fa3, encryption: encryptionFor(harness, freshSessionKey()) };
  const before = harness.emulator.control.stats().sessions[kind];
  const hasWorked = async (): Promise<boolean> => harness.emulator.control.stats().sessions[kind] > before;
  return ready(201, { method: 'POST', url: `/sessions/${kind}`, token, body }, hasWorked);
}

async function readyInBatch(
  harness: Harness,
  name: 'upload' | 'batch-close',
  { nip, token }: Seller,
  ready: MakeReady,
): Promise<Ready> {
  const { parts, request } = await smallPackage(harness, nip);
  const batch: OpenedBatch = await openBatch(harness, token, request);
  const upload = batch.uploads[0];
  if (name === 'upload' && upload !== undefined) {
    const { url, headers } = upload;
    let isClosed = false;
    return ready(201, { method: 'PUT', url, headers, body: parts[0] }, async () => {
      isClosed ||= (await closeBatch(harness, token, batch.reference)).status === 204;
      return isClosed;
    });
  }
  await uploadAll(batch, parts);
  const url = `/sessions/batch/${batch.reference}/close`;
  return ready(204, { method: 'POST', url, token }, () => hasLeft100(harness, token, batch.reference));
}

async function hasLeft100(harness: Harness, token: string, reference: string): Promise<boolean> {
  const { body } = await call(harness, 'GET', `/sessions/${reference}`, { token });
  return at(body, 'status.code') !== 100;
}

async function readyOnline(
  harness: Harness,
  name: 'invoice-send' | 'online-close',
  { nip, token }: Seller,
  ready: MakeReady,
): Promise<Ready> {
  const { reference, key } = await openOnline(harness, token);
  const body = sendBody(key, Buffer.from(invoiceXml({ nip, number: '1' })));
  const url = `/sessions/online/${reference}`;
  if (name === 'invoice-send') {
    return ready(202, { method: 'POST', url: `${url}/invoices`, token, body }, async () => {
      const { body: status } = await call(harness, 'GET', `/sessions/${reference}`, { token });
      return at(status, 'invoiceCount') === 1;
    });
  }
  await call(harness, 'POST', `${url}/invoices`, { token, body });
  return ready(204, { method: 'POST', url: `${url}/close`, token }, () =>
    hasLeft100(harness, token, reference),
  );
}

type Reading = Exclude<CallName, LoginCall | 'batch-open' | 'online-open' | 'upload' | 'batch-close'>;

async function readyAfterBatch(
  harness: Harness,
  name: CallName,
  { nip, token }: Seller,
  ready: MakeReady,
): Promise<Ready> {
  const { reference, status } = await sendBatch(harness, token, await smallPackage(harness, nip));
  if (name.startsWith('export-') || name === 'metadata-query')
    return readyToFind(harness, name, token, ready);
  const { body } = await call(harness, 'GET', `/sessions/${reference}/invoices`, { token });
  const [invoice] = listAt(body, 'invoices');
  const url = `/sessions/${reference}`;
  const addresses: Partial<Record<Reading, string>> = {
    'session-status': url,
    'session-list': '/sessions?sessionType=Batch',
    'invoice-list': `${url}/invoices`,
    'failed-list': `${url}/invoices/failed`,
    'invoice-status': `${url}/invoices/${textAt(invoice, 'referenceNumber')}`,
    'session-upo': `${url}/upo/${textAt(status, 'upo.pages.0.referenceNumber')}`,
    'invoice-download': `/invoices/ksef/${textAt(invoice, 'ksefNumber')}`,
  };
  if (name === 'upo') return ready(200, { method: 'GET', url: textAt(status, 'upo.pages.0.downloadUrl') });
  const address = Object.entries(addresses).find(([key]) => key === name)?.[1];
  if (address === undefined) throw new Error(`nobody knows how to call ${name}`);
  return ready(200, { method: 'GET', url: address, token });
}

const filters = {
  subjectType: 'Subject1',
  dateRange: { dateType: 'PermanentStorage', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' },
};

async function readyToFind(
  harness: Harness,
  name: CallName,
  token: string,
  ready: MakeReady,
): Promise<Ready> {
  if (name === 'metadata-query') {
    return ready(200, { method: 'POST', url: '/invoices/query/metadata', token, body: filters });
  }
  const body = { encryption: encryptionFor(harness, freshSessionKey()), filters };
  if (name === 'export-start') return ready(201, { method: 'POST', url: '/invoices/exports', token, body });
  const started = await call(harness, 'POST', '/invoices/exports', { token, body });
  await harness.emulator.control.idle();
  const url = `/invoices/exports/${textAt(started.body, 'referenceNumber')}`;
  if (name === 'export-status') return ready(200, { method: 'GET', url, token });
  const { body: status } = await call(harness, 'GET', url, { token });
  return ready(200, { method: 'GET', url: textAt(status, 'package.parts.0.url') });
}
