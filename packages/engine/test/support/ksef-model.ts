/** The calls of KSeF over its small model, each of which can be struck by a fault. */
import { LOOKS_TO_SPARE, type LooksLeft, type Permissions, type SessionStatus } from '@wsad/domain';
import type { Ksef } from '../../src/index.ts';
import { answered, type Operation, type Strike } from './faults.ts';
import {
  closeSession,
  emptyKsef,
  findSession,
  type KsefState,
  listedOf,
  openSession,
  type Registered,
  receiveInvoice,
  statusOf,
} from './ksef-state.ts';

export interface KsefModel extends KsefState {
  readonly ksef: Ksef;
  /** Every call in its order, struck or not. */
  readonly calls: readonly Operation[];
}

export interface KsefModelOptions {
  readonly clock: () => Date;
  /** Asked at every call: how it goes wrong, or null. */
  readonly strike?: (operation: Operation) => Strike | null;
  /** Whether there are calls for more looks than the steady rhythm has. */
  readonly looksLeft?: () => LooksLeft;
  /** Changes what a session's status says. */
  readonly disguise?: (status: SessionStatus) => SessionStatus;
  /** Asked at every close: the code with which the session fails as a whole, or null. */
  readonly failure?: () => number | null;
  /** What an access token claims. */
  readonly permissions?: () => Permissions;
}

type Call = <T>(operation: Operation, work: (passedOver: boolean) => T | Promise<T>) => Promise<T>;

export function createKsefModel(options: KsefModelOptions): KsefModel {
  const { clock, strike = () => null, disguise = (status) => status, failure = () => null } = options;
  const { permissions = () => ['InvoiceWrite'] } = options;
  const state = emptyKsef(clock);
  const calls: Operation[] = [];
  const call: Call = async (operation, work) => {
    calls.push(operation);
    const struck = strike(operation);
    if (struck?.when === 'before') throw struck.error;
    // Only orders, which answer nothing, can be passed over in silence.
    const answer = await work(struck?.when === 'instead');
    if (struck?.when === 'after') throw struck.error;
    return answer;
  };
  const ksef: Ksef = {
    ...loginCalls(clock, call, permissions),
    ...batchCalls(state, call, failure),
    ...onlineCalls(state, call, failure),
    ...resultCalls(state, call, disguise),
    looksLeft: options.looksLeft ?? (() => LOOKS_TO_SPARE),
  };
  return { ...state, ksef, calls };
}

const TOKEN_LIFE_MS = 900_000;
const REFRESH_LIFE_MS = 7 * 86_400_000;

function loginCalls(
  clock: () => Date,
  call: Call,
  permissions: () => Permissions,
): Pick<
  Ksef,
  'login' | 'refresh' | 'rateLimits' | 'attachmentConsent' | 'authSessions' | 'revokeAuthSession' | 'probe'
> {
  const inMs = (ms: number) => new Date(clock().getTime() + ms);
  let tokens = 0;
  const access = () => {
    tokens += 1;
    return {
      accessToken: `access-${tokens}`,
      accessUntil: inMs(TOKEN_LIFE_MS),
      permissions: permissions(),
    };
  };
  return {
    login: () =>
      call('login', () => ({
        ...access(),
        refreshToken: `refresh-${tokens}`,
        refreshUntil: inMs(REFRESH_LIFE_MS),
      })),
    refresh: () => call('refresh', access),
    authSessions: () => call('authSessions', () => []),
    revokeAuthSession: () => call('revokeAuthSession', () => undefined),
    rateLimits: () => call('rateLimits', () => ({})),
    attachmentConsent: () => call('attachmentConsent', () => ({ allowed: true, until: null })),
    probe: () => call('probe', () => {}),
  };
}

function batchCalls(
  state: KsefState,
  call: Call,
  failure: () => number | null,
): Pick<Ksef, 'openBatch' | 'uploadPart' | 'closeBatch'> {
  return {
    openBatch: (_nip, _token, { parts }) =>
      call('openBatch', () => {
        const { reference, usableUntil, parts: awaited } = openSession(state, 'batch');
        const uploads = parts.map(({ ordinal }) => {
          awaited.set(ordinal, null);
          return { ordinal, method: 'PUT', url: `${reference}/${ordinal}`, headers: {} };
        });
        return { reference, uploads, usableUntil };
      }),
    uploadPart: ({ url }, part) =>
      call('uploadPart', async (passedOver) => {
        if (passedOver) return;
        const [reference = '', ordinal] = url.split('/');
        const chunks: Buffer[] = [];
        for await (const chunk of part.open()) chunks.push(Buffer.from(chunk));
        findSession(state, reference, 'uploadPart').parts.set(Number(ordinal), Buffer.concat(chunks));
      }),
    closeBatch: (_nip, _token, reference) =>
      call('closeBatch', (passedOver) => {
        const session = findSession(state, reference, 'closeBatch');
        if (!passedOver) closeSession(state, session, 'closeBatch', failure());
      }),
  };
}

function onlineCalls(
  state: KsefState,
  call: Call,
  failure: () => number | null,
): Pick<Ksef, 'openOnline' | 'sendInvoice' | 'closeOnline'> {
  return {
    openOnline: () => call('openOnline', () => openSession(state, 'interactive')),
    sendInvoice: (_nip, _token, reference, { encrypted }) =>
      call('sendInvoice', () => {
        const session = findSession(state, reference, 'sendInvoice');
        return { reference: receiveInvoice(state, session, encrypted.toString()) };
      }),
    closeOnline: (_nip, _token, reference) =>
      call('closeOnline', (passedOver) => {
        const session = findSession(state, reference, 'closeOnline');
        if (!passedOver) closeSession(state, session, 'closeOnline', failure());
      }),
  };
}

function resultCalls(
  state: KsefState,
  call: Call,
  disguise: (status: SessionStatus) => SessionStatus,
): Pick<
  Ksef,
  'listSessions' | 'sessionStatus' | 'sessionInvoices' | 'downloadUpo' | 'invoiceUpo' | 'downloadInvoice'
> {
  return {
    listSessions: (_nip, _token, { kind }) =>
      call('listSessions', () => {
        const ofKind = [...state.sessions.values()].filter((each) => each.kind === kind);
        return { sessions: ofKind.map(listedOf), complete: true };
      }),
    sessionStatus: (_nip, _token, reference) =>
      call('sessionStatus', () => disguise(statusOf(findSession(state, reference, 'sessionStatus')))),
    async *sessionInvoices(_nip, _token, reference, which) {
      yield* await call('sessionInvoices', () =>
        findSession(state, reference, 'sessionInvoices').invoices.filter(
          ({ verdict }) => which === 'all' || verdict.code !== 200,
        ),
      );
    },
    downloadUpo: (reference) =>
      call('downloadUpo', () => {
        const { invoices } = findSession(state, reference, 'downloadUpo');
        const entries = invoices.flatMap(({ sha256, ksefNumber, invoicingMode, acquiredAt }) =>
          ksefNumber === null
            ? []
            : [{ ksefNumber, sha256, invoiceNumber: numberOf(state, ksefNumber), acquiredAt, invoicingMode }],
        );
        return { xml: Buffer.from('<upo/>'), sha256: 'upo', entries };
      }),
    invoiceUpo: () => call('invoiceUpo', () => ({ xml: Buffer.from('<upo/>'), sha256: 'upo' })),
    downloadInvoice: (_nip, _token, ksefNumber) =>
      call('downloadInvoice', () => {
        const { sha256 } = registeredAs(state, ksefNumber, 'downloadInvoice');
        return {
          xml: Buffer.from(`<Faktura><Fa><P_2>${numberOf(state, ksefNumber)}</P_2></Fa></Faktura>`),
          sha256,
        };
      }),
  };
}

/** As the seller numbered it. */
/** `FV/1 of the accountant` are other bytes under the number FV/1. */
function numberOf(state: KsefState, ksefNumber: string): string {
  const [text = ''] = [...state.registry].find(([, each]) => each.ksefNumber === ksefNumber) ?? [];
  return text.replace(/ of .*/, '');
}

function registeredAs(state: KsefState, ksefNumber: string, operation: Operation): Registered {
  const registered = [...state.registry.values()].find((each) => each.ksefNumber === ksefNumber);
  if (registered === undefined) throw answered(operation, 404);
  return registered;
}
