/** Composes the client: one caller for the API, one wire for transfers, one keyring. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AuthSession,
  type Credential,
  type EmitEvent,
  type LoginTokens,
  type LooksLeft,
  type Observe,
  type Pacer,
  type PartUpload,
  type RateLimits,
  type SessionInvoice,
  type SessionList,
  type SessionStatus,
  type UpoEntry,
  unobserved,
} from '@wsad/domain';
import { baseAddress } from './addresses.ts';
import { authSessions, revokeAuthSession } from './auth-sessions.ts';
import { type BatchRequest, closeBatch, type OpenedBatch, openBatch } from './batch.ts';
import { type ClockReading, readClock } from './clock-reading.ts';
import { createCaller } from './http.ts';
import { createKeyring, type Keyring, type PublicKey } from './keys.ts';
import { createLogins, type RefreshedAccess } from './login.ts';
import { closeOnline, type EncryptedInvoice, openOnline, sendInvoice } from './online.ts';
import { attachmentConsent, downloadInvoice, rateLimits, sessionInvoices, sessionStatus } from './results.ts';
import { listSessions, type SessionQuery } from './session-list.ts';
import { createTransfers, type UploadedPart } from './transfers.ts';
import { downloadUpo, invoiceUpo, type Upo } from './upo.ts';
import { createWire, DEFAULT_TIMEOUTS, type Timeouts } from './wire.ts';

export interface KsefClientOptions {
  /** `/v2` included; https, or http on loopback. */
  readonly baseUrl: string;
  readonly pacer: Pacer;
  readonly clock: () => Date;
  readonly emit: EmitEvent;
  /** Makes each call known to traces. */
  readonly observe?: Observe;
  /** Sleeps between two questions for a login's verdict. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly timeouts?: Partial<Timeouts>;
}

/** Every failure is a KsefFault, save LimitReached of the pacer: then nothing was sent. */
export interface KsefClient {
  /** The certificates KSeF names now, from the cache while it is fresh. */
  publicKeys(): Promise<readonly PublicKey[]>;
  /** By a challenge, which needs no login. */
  readClock(): Promise<ClockReading>;
  /** A call that asks nothing of anybody, to see whether KSeF answers. */
  probe(): Promise<void>;
  login(nip: string, credential: Credential, signal?: AbortSignal): Promise<LoginTokens>;
  refresh(nip: string, refreshToken: string): Promise<RefreshedAccess>;
  authSessions(nip: string, accessToken: string): Promise<readonly AuthSession[]>;
  revokeAuthSession(nip: string, accessToken: string, reference: string): Promise<void>;
  rateLimits(nip: string, accessToken: string): Promise<RateLimits>;
  attachmentConsent(
    nip: string,
    accessToken: string,
    signal?: AbortSignal,
  ): Promise<{ allowed: boolean; until: Date | null }>;
  openBatch(nip: string, accessToken: string, request: BatchRequest): Promise<OpenedBatch>;
  uploadPart(upload: PartUpload, part: UploadedPart, signal?: AbortSignal): Promise<void>;
  closeBatch(nip: string, accessToken: string, reference: string): Promise<void>;
  openOnline(
    nip: string,
    accessToken: string,
    request: Pick<BatchRequest, 'form' | 'key' | 'iv'>,
  ): Promise<{ reference: string; usableUntil: Date }>;
  sendInvoice(
    nip: string,
    accessToken: string,
    reference: string,
    invoice: EncryptedInvoice,
  ): Promise<{ reference: string }>;
  closeOnline(nip: string, accessToken: string, reference: string): Promise<void>;
  listSessions(nip: string, accessToken: string, query: SessionQuery): Promise<SessionList>;
  sessionStatus(nip: string, accessToken: string, reference: string): Promise<SessionStatus>;
  /** How many such looks the seller has left, and whether they are scarce, as the last one found. */
  looksLeft(nip: string): LooksLeft;
  sessionInvoices(
    nip: string,
    accessToken: string,
    reference: string,
    which: 'all' | 'failed',
  ): AsyncIterable<SessionInvoice>;
  downloadUpo(url: string): Promise<Upo & { entries: UpoEntry[] }>;
  invoiceUpo(nip: string, accessToken: string, reference: string, ksefNumber: string): Promise<Upo>;
  downloadInvoice(
    nip: string,
    accessToken: string,
    ksefNumber: string,
  ): Promise<{ xml: Buffer; sha256: string }>;
  /** Waits for the calls under way, then lets the connections go. */
  close(): Promise<void>;
}

const API_CONNECTIONS = 16;
const TRANSFER_CONNECTIONS = 16;

export function createKsefClient(options: KsefClientOptions): KsefClient {
  const { pacer, clock, emit, observe = unobserved } = options;
  const base = baseAddress(options.baseUrl);
  const timeouts: Timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  // Two wires, so that slow transfers never stand in the way of calls.
  const api = createWire(timeouts, API_CONNECTIONS);
  const storage = createWire(timeouts, TRANSFER_CONNECTIONS);
  const { callMs, transferMs } = timeouts;
  const told = { clock, emit, observe };
  const caller = createCaller({ baseUrl: base.url, wire: api, pacer, callMs, ...told });
  const transfers = createTransfers({
    wire: storage,
    transferMs,
    ...told,
    baseIsLoopback: base.loopback,
  });
  const keyring = createKeyring(caller, clock);
  const wait = options.wait ?? sleep;
  return {
    publicKeys: () => keyring.all(),
    readClock: () => readClock(caller, clock),
    probe: async () => void (await keyring.refetch()),
    ...createLogins({ caller, keyring, clock, wait }),
    authSessions: (...of) => authSessions(caller, ...of),
    revokeAuthSession: (...of) => revokeAuthSession(caller, ...of),
    rateLimits: (...of) => rateLimits(caller, ...of),
    attachmentConsent: (...of) => attachmentConsent(caller, ...of),
    openBatch: (...of) => openBatch({ caller, keyring, clock }, ...of),
    uploadPart: transfers.uploadPart,
    closeBatch: (...of) => closeBatch(caller, ...of),
    openOnline: (...of) => openOnline({ caller, keyring }, ...of),
    sendInvoice: (...of) => sendInvoice(caller, ...of),
    closeOnline: (...of) => closeOnline(caller, ...of),
    listSessions: (...of) => listSessions(caller, ...of),
    sessionStatus: async (...of) => noticeKey(keyring, await sessionStatus(caller, ...of)),
    looksLeft: (nip) => pacer.looksLeft(nip),
    sessionInvoices: (...of) => sessionInvoices(caller, ...of),
    downloadUpo: (url) => downloadUpo(transfers, url),
    invoiceUpo: (...of) => invoiceUpo(caller, ...of),
    downloadInvoice: (...of) => downloadInvoice(caller, ...of),
    close: async () => {
      await Promise.all([api.close(), storage.close()]);
    },
  };
}

/** 415: KSeF could not read the session's key, so the public key it was encrypted for may be withdrawn. */
function noticeKey(keyring: Keyring, status: SessionStatus): SessionStatus {
  if (status.code === 415) keyring.forgetAll();
  return status;
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return delay(ms, undefined, signal === undefined ? {} : { signal });
}
