import { deflateRawSync } from 'node:zlib';
import {
  HOLDS_CURED_BY_CREDENTIALS,
  type HoldCause,
  type KsefVerdict,
  NO_SPACING,
  SENDER_SESSION_STATES,
  SENDING_ATTEMPTS_MAX,
  type SendingSession,
  sendingForbidden,
} from '@wsad/domain';
import type { DispatchLedger, SendingLedger } from '../../src/index.ts';
import { numberIn } from './ksef-state.ts';
import {
  bound,
  FORM,
  fenced,
  type LedgerState,
  type ModelInvoice,
  type ModelSession,
  moveInvoice,
  moveSession,
  NIP,
  newSession,
  sessionOf,
} from './state.ts';

const KEY = Buffer.alloc(32, 1);
const IV = Buffer.alloc(16, 2);
const AGAIN_AFTER_MS = 5_000;

export function dispatching(state: LedgerState): DispatchLedger {
  return {
    async claimLane(_lane, now, decide) {
      const waiting = [...state.invoices.values()].filter((each) => each.state === 'accepted');
      const begun = waiting.filter(({ notBefore }) => notBefore <= now);
      const later = waiting.filter(({ notBefore }) => notBefore > now);
      const ample = { sessions: 100, sends: 1_000, freeAt: now, spacing: NO_SPACING };
      const decision = decide(
        {
          count: begun.length,
          attachments: 0,
          corrections: 0,
          firstDueAt: begun.length === 0 ? null : now,
          nextBeginsAt: later[0]?.notBefore ?? null,
        },
        { batch: ample, interactive: ample },
      );
      const claims = decision.kind === 'send' ? decision.claims : [];
      const sessions = claims.map(({ kind, count }) => {
        const session = newSession(`session-${state.sessions.size + 1}`, kind, begun.splice(0, count));
        state.sessions.set(session.id, session);
        for (const { invoice } of session.members) {
          moveInvoice(invoice, 'sending');
          invoice.sessionId = session.id;
        }
        return { id: session.id, kind, invoices: session.members.length, origins: [] };
      });
      return { decision, sessions };
    },
    async holdSeller(_nip, cause, _detail, _now, known) {
      if (known?.byCall !== true && HOLDS_CURED_BY_CREDENTIALS.includes(cause) && maySend(state)) return 0;
      const waiting = [...state.invoices.values()].filter((each) => each.state === 'accepted');
      for (const invoice of waiting) hold(invoice, cause);
      return waiting.length;
    },
    async attachmentStanding() {
      return null;
    },
    async recordConsent() {},
    async deferConsent() {},
    async holdAttachments() {
      return 0;
    },
    async releaseAttachments() {
      return [];
    },
  };
}

/** The credentials in use are there, not refused and lack nothing: they may be newer than those that were. */
function maySend({ currentCredential, logins }: LedgerState): boolean {
  const login = currentCredential === null ? undefined : logins.get(currentCredential.id);
  if (currentCredential === null || sendingForbidden(login?.permissions ?? null) !== null) return false;
  return !['refused', 'blocked'].includes(login?.state ?? 'none');
}

export function hold(invoice: ModelInvoice, cause: HoldCause): void {
  moveInvoice(invoice, 'held');
  invoice.holdCause = cause;
}

export function again(invoice: ModelInvoice, verdict: KsefVerdict, at: Date): void {
  invoice.attempts += 1;
  invoice.verdict = verdict;
  if (invoice.attempts >= SENDING_ATTEMPTS_MAX) {
    hold(invoice, 'session_failed');
    return;
  }
  moveInvoice(invoice, 'accepted');
  invoice.sessionId = null;
  invoice.notBefore = new Date(at.getTime() + AGAIN_AFTER_MS * 12 ** (invoice.attempts - 1));
}

export function sending(state: LedgerState): SendingLedger {
  return {
    async acquireSession(id, _owner, now, leaseMs) {
      const session = sessionOf(state, id);
      const taken = session.leaseUntil !== null && session.leaseUntil > now;
      if (taken || !SENDER_SESSION_STATES.includes(session.state)) return null;
      session.leaseUntil = new Date(now.getTime() + leaseMs);
      session.sendAfter = null;
      session.fence += 1;
      session.tries += 1;
      return sendingSession(session);
    },
    async renewLease(id, fence, now, leaseMs) {
      const session = sessionOf(state, id);
      if (session.fence !== fence) return false;
      session.leaseUntil = new Date(now.getTime() + leaseMs);
      return true;
    },
    async releaseLease(id, fence, retryAt) {
      const session = sessionOf(state, id);
      if (session.fence !== fence) return;
      session.leaseUntil = null;
      session.sendAfter = retryAt;
    },
    async members(id) {
      return sessionOf(state, id).members.map(({ ordinal, invoice, intentAt, refusedAt, reference }) => {
        const { id: invoiceId, sha256, plain } = invoice;
        const invoiceNumber = numberIn(plain.toString());
        return {
          ordinal,
          invoiceId,
          sha256,
          invoiceNumber,
          sizeBytes: plain.length,
          intentAt,
          refusedAt,
          reference,
          elsewhere: !['sending', 'processing'].includes(invoice.state),
        };
      });
    },
    async *payloads(id) {
      for (const { ordinal, invoice } of sessionOf(state, id).members) {
        const { id: invoiceId, sha256, plain } = invoice;
        yield {
          ordinal,
          invoiceId,
          sha256,
          deflated: deflateRawSync(plain),
          sizeBytes: plain.length,
          crc32: null,
        };
      }
    },
    ...recording(state),
    ...givingUp(state),
  };
}

type Recording = Pick<
  SendingLedger,
  | 'recordOpened'
  | 'recordPartUploaded'
  | 'recordInvoiceIntent'
  | 'recordInvoiceSent'
  | 'recordInvoiceRefused'
  | 'holdDamaged'
  | 'recordClosing'
  | 'recordClosed'
>;

function recording(state: LedgerState): Recording {
  const memberOf = (id: string, fence: number, ordinal: number) => {
    const member = fenced(state, id, fence).members.find((each) => each.ordinal === ordinal);
    if (member === undefined) throw new Error(`${id} has no invoice ${ordinal}`);
    return member;
  };
  return {
    async recordOpened(id, fence, opened) {
      const session = fenced(state, id, fence);
      moveSession(session, 'opened');
      session.opened = opened;
      session.tries = 0;
    },
    async recordPartUploaded(id, fence, ordinal, at) {
      fenced(state, id, fence).uploadedAt.set(ordinal, at);
    },
    async recordInvoiceIntent(id, fence, ordinal, at) {
      memberOf(id, fence, ordinal).intentAt = at;
    },
    async recordInvoiceSent(id, fence, ordinal, reference) {
      memberOf(id, fence, ordinal).reference = reference;
    },
    async recordInvoiceRefused(id, fence, ordinal, { outcome, verdict }, at) {
      const member = memberOf(id, fence, ordinal);
      member.intentAt = null;
      member.refusedAt = at;
      const { invoice } = member;
      if (!bound(sessionOf(state, id)).includes(invoice)) return;
      invoice.verdict = verdict;
      if (outcome === 'again') again(invoice, verdict, at);
      if (outcome === 'held') hold(invoice, 'session_failed');
      if (outcome === 'forbidden') {
        hold(invoice, 'permission_missing');
        invoice.sessionId = null;
      }
      if (outcome === 'rejected') moveInvoice(invoice, 'rejected');
    },
    async holdDamaged(id, fence, ordinals, { why }, at) {
      const session = fenced(state, id, fence);
      const those = session.members.filter(
        ({ ordinal, intentAt, invoice }) =>
          ordinals.includes(ordinal) && intentAt === null && bound(session).includes(invoice),
      );
      for (const member of those) {
        member.refusedAt = at;
        hold(member.invoice, 'payload_damaged');
      }
      const abandoned = await givingUp(state).abandonSession(id, fence, why, at);
      return { held: those.length, abandoned };
    },
    async recordClosing(id, fence) {
      const session = fenced(state, id, fence);
      if (session.state === 'closing') return;
      moveSession(session, 'closing');
      session.tries = 0;
    },
    async recordClosed(id, fence, at) {
      const session = fenced(state, id, fence);
      if (session.state === 'closed') return;
      moveSession(session, 'closed');
      session.closedAt = at;
      session.nextPollAt = new Date(at.getTime() + 2_000);
      for (const invoice of bound(session)) moveInvoice(invoice, 'processing');
    },
  };
}

function givingUp(state: LedgerState): Pick<SendingLedger, 'abandonSession' | 'failUnclosed'> {
  return {
    async abandonSession(id, fence, why, at, { unopened } = { unopened: false }) {
      const session = fenced(state, id, fence);
      if (unopened && session.state !== 'claimed') return false;
      if (!holdsNothing(session)) return false;
      moveSession(session, 'abandoned');
      session.why = why;
      session.nextPollAt = session.opened === null ? null : at;
      for (const invoice of bound(session)) {
        if (session.opened !== null) again(invoice, { code: 0, description: why, details: [] }, at);
        else {
          moveInvoice(invoice, 'accepted');
          invoice.sessionId = null;
        }
      }
      return true;
    },
    async failUnclosed(id, fence, verdict, at, known = { partsMissing: false }) {
      const session = fenced(state, id, fence);
      const neverArrived = known.partsMissing && session.kind === 'batch' && session.state === 'closing';
      if (!neverArrived && !holdsNothing(session)) return false;
      moveSession(session, session.state === 'claimed' ? 'abandoned' : 'failed');
      for (const invoice of bound(session)) again(invoice, verdict, at);
      return true;
    },
  };
}

function holdsNothing({ state, kind, members }: ModelSession): boolean {
  if (state === 'claimed') return true;
  return state === 'opened' && (kind === 'batch' || members.every(({ intentAt }) => intentAt === null));
}

function sendingSession(session: ModelSession): SendingSession {
  const { id, kind, state, fence, tries, members, opened, uploadedAt } = session;
  return {
    id,
    nip: NIP,
    form: FORM,
    mode: 'online',
    kind,
    state,
    fence,
    tries,
    invoiceCount: members.length,
    onTrial: false,
    key: KEY,
    iv: IV,
    reference: opened?.reference ?? null,
    credentialId: opened?.credentialId ?? null,
    openedAt: opened?.openedAt ?? null,
    usableUntil: opened?.usableUntil ?? null,
    package: opened?.package ?? null,
    parts: (opened?.parts ?? []).map((part) => ({
      ...part,
      uploadedAt: uploadedAt.get(part.ordinal) ?? null,
    })),
    origins: [],
  };
}
