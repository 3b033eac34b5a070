/**
 * KSeF in small: sessions, a registry of what was accepted, and verdicts that the invoice's own text asks for. An
 * invoice is `number` or `number verdict`; two with the same number are duplicates, whoever sent them.
 */
import {
  crc8,
  type KsefVerdict,
  type ListedSession,
  type SessionInvoice,
  type SessionStatus,
} from '@wsad/domain';
import { answered, type Operation } from './faults.ts';
import { NIP, sha256 } from './state.ts';

export interface Registered {
  readonly sha256: string;
  readonly ksefNumber: string;
  readonly session: string;
}

export type JudgedInvoice = SessionInvoice & { readonly sha256: string };

export interface KsefSession {
  readonly reference: string;
  readonly kind: 'batch' | 'interactive';
  /** Null for a part that has not come. */
  readonly parts: Map<number, Buffer | null>;
  readonly invoices: JudgedInvoice[];
  readonly usableUntil: Date;
  /** 100 until it is closed, 150 at the first look after that, then its end; 440 where it was never closed. */
  code: number;
  end: number;
}

interface File {
  readonly text: string;
  readonly fileName: string | null;
}

export interface KsefState {
  readonly clock: () => Date;
  readonly sessions: Map<string, KsefSession>;
  /** By number. */
  readonly registry: Map<string, Registered>;
  /** Invoices that were judged although wsad had registered these very bytes before: what must never happen. */
  readonly sentTwice: string[];
}

const USABLE_MS = { batch: 1_200_000, interactive: 43_200_000 };
const SOMEBODY_ELSE = 'of-somebody-else';

export function emptyKsef(clock: () => Date): KsefState {
  return { clock, sessions: new Map(), registry: new Map(), sentTwice: [] };
}

export function openSession(state: KsefState, kind: KsefSession['kind']): KsefSession {
  const reference = `reference-${state.sessions.size + 1}`;
  const usableUntil = new Date(state.clock().getTime() + USABLE_MS[kind]);
  const session = { reference, kind, usableUntil, parts: new Map(), invoices: [], code: 100, end: 200 };
  state.sessions.set(reference, session);
  return session;
}

export function findSession(state: KsefState, reference: string, operation: Operation): KsefSession {
  const session = state.sessions.get(reference);
  if (session === undefined) throw answered(operation, 404, 21173);
  if (session.code === 100 && session.usableUntil <= state.clock()) session.code = 440;
  return session;
}

/** `failure` is the code with which the session fails as a whole. */
export function closeSession(
  state: KsefState,
  session: KsefSession,
  operation: Operation,
  failure: number | null,
): void {
  if (session.code !== 100) throw answered(operation, 400, 21180);
  const parts = [...session.parts.values()].filter((part) => part !== null);
  if (parts.length < session.parts.size) throw answered(operation, 400, 21205);
  session.code = 150;
  session.end = failure ?? 200;
  if (session.kind === 'interactive' || failure !== null) return;
  for (const file of unpacked(parts)) judge(state, session, file);
}

/** An interactive invoice is judged as it comes, whatever becomes of its session. */
export function receiveInvoice(state: KsefState, session: KsefSession, text: string): string {
  if (session.code !== 100) throw answered('sendInvoice', 400, 21180);
  return judge(state, session, { text, fileName: null }).reference;
}

/** The packager of these tests puts file names and texts together as JSON. */
function unpacked(parts: readonly Buffer[]): File[] {
  const files: unknown = JSON.parse(Buffer.concat(parts).toString());
  if (!Array.isArray(files)) throw new Error('this is no package');
  return files.map(([fileName, text]) => ({ fileName: String(fileName), text: String(text) }));
}

/** As the seller numbered the invoice with this text. */
export function numberIn(text: string): string {
  return text.split(' ')[0] ?? '';
}

function judge(state: KsefState, session: KsefSession, { text, fileName }: File): JudgedInvoice {
  const number = numberIn(text);
  const [, wanted = '200'] = text.split(' ');
  const hash = sha256(Buffer.from(text));
  const earlier = state.registry.get(number);
  if (earlier?.sha256 === hash && earlier.session !== SOMEBODY_ELSE) state.sentTwice.push(text);
  const code = earlier === undefined ? Number(wanted) : 440;
  const mine = code === 200 ? register(state, text, session.reference) : null;
  const ordinal = session.invoices.length + 1;
  const invoice = {
    ordinal,
    sha256: hash,
    fileName,
    reference: `${session.reference}-${ordinal}`,
    ksefNumber: mine?.ksefNumber ?? null,
    invoicingMode: 'Online',
    acquiredAt: mine === null ? null : state.clock(),
    verdict: verdictOf(code, earlier),
  };
  session.invoices.push(invoice);
  return invoice;
}

function verdictOf(code: number, earlier: Registered | undefined): KsefVerdict {
  const words = { code, description: `verdict ${code}`, details: [] };
  if (earlier === undefined) return words;
  return { ...words, originalKsefNumber: earlier.ksefNumber, originalSessionReference: earlier.session };
}

/** Without a session it is as if somebody else had sent it. */
export function register(state: KsefState, text: string, session = SOMEBODY_ELSE): Registered {
  const number = numberIn(text);
  const hash = sha256(Buffer.from(text));
  const registered = { sha256: hash, ksefNumber: ksefNumberOf(state.registry.size + 1), session };
  state.registry.set(number, registered);
  return registered;
}

export function ksefNumberOf(count: number): string {
  const start = `${NIP}-20261122-${count.toString(16).toUpperCase().padStart(12, '0')}`;
  return `${start}-${crc8(start).toString(16).toUpperCase().padStart(2, '0')}`;
}

export function listedOf(session: KsefSession): ListedSession {
  const { reference, kind, invoices, usableUntil, code: statusCode } = session;
  const successfulInvoiceCount = invoices.filter(({ verdict }) => verdict.code === 200).length;
  const openedAt = new Date(usableUntil.getTime() - USABLE_MS[kind]);
  const failedInvoiceCount = invoices.length - successfulInvoiceCount;
  return {
    reference,
    kind,
    openedAt,
    updatedAt: openedAt,
    statusCode,
    invoiceCount: invoices.length,
    successfulInvoiceCount,
    failedInvoiceCount,
  };
}

export function statusOf(session: KsefSession): SessionStatus {
  const { reference, invoices, code } = session;
  if (code === 150) session.code = session.end;
  const accepted = invoices.filter(({ verdict }) => verdict.code === 200).length;
  const judged = code === 200;
  return {
    code,
    description: `status ${code}`,
    details: [],
    invoiceCount: judged ? invoices.length : null,
    successfulInvoiceCount: judged ? accepted : null,
    failedInvoiceCount: judged ? invoices.length - accepted : null,
    upoPages: judged && accepted > 0 ? [{ reference: 'upo', downloadUrl: reference }] : [],
  };
}
