/**
 * KSeF's limits on calls: sliding windows per (context, egress address) and group.
 * Groups are data: `GET /rate-limits` names the ones in force, and one that is unknown here breaks nothing.
 * Source: KSeF documentation, "Limity API", and open-api 2.7.0 with the additions of 2.8.0.
 */

export interface GroupLimits {
  readonly perSecond: number;
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
}
export type RateLimits = Readonly<Record<string, GroupLimits>>;

/** What KSeF documents; used only until its own answer for the context is known. */
export const DOCUMENTED_RATE_LIMITS: RateLimits = {
  batchSession: { perSecond: 10, perMinute: 20, perHour: 60 },
  onlineSession: { perSecond: 10, perMinute: 30, perHour: 120 },
  invoiceSend: { perSecond: 10, perMinute: 30, perHour: 180 },
  invoiceStatus: { perSecond: 30, perMinute: 120, perHour: 1200 },
  sessionList: { perSecond: 5, perMinute: 10, perHour: 60 },
  sessionInvoiceList: { perSecond: 10, perMinute: 20, perHour: 200 },
  sessionMisc: { perSecond: 10, perMinute: 120, perHour: 1200 },
  invoiceDownload: { perSecond: 8, perMinute: 16, perHour: 64 },
  other: { perSecond: 10, perMinute: 30, perHour: 120 },
};

/** Login and key calls count per endpoint and address, not per context. */
export const LOGIN_LIMITS: GroupLimits = { perSecond: 60 };

/**
 * Every call wsad makes, with the group it counts in. `fallback` is the group where the first is not named in force
 * (closes counted with opens before 2.8.0). `login` calls count per endpoint and address; `other` per endpoint.
 */
export const KSEF_OPERATIONS = {
  challenge: { endpoint: 'POST /auth/challenge', group: 'login' },
  loginWithToken: { endpoint: 'POST /auth/ksef-token', group: 'login' },
  loginWithCertificate: { endpoint: 'POST /auth/xades-signature', group: 'login' },
  loginStatus: { endpoint: 'GET /auth/{referenceNumber}', group: 'login' },
  redeem: { endpoint: 'POST /auth/token/redeem', group: 'login' },
  refresh: { endpoint: 'POST /auth/token/refresh', group: 'login' },
  publicKeys: { endpoint: 'GET /security/public-key-certificates', group: 'login' },
  authSessions: { endpoint: 'GET /auth/sessions', group: 'other' },
  revokeCurrentAuthSession: { endpoint: 'DELETE /auth/sessions/current', group: 'other' },
  revokeAuthSession: { endpoint: 'DELETE /auth/sessions/{referenceNumber}', group: 'other' },
  rateLimits: { endpoint: 'GET /rate-limits', group: 'other' },
  attachmentConsent: { endpoint: 'GET /permissions/attachments/status', group: 'other' },
  openBatch: { endpoint: 'POST /sessions/batch', group: 'batchSession' },
  closeBatch: {
    endpoint: 'POST /sessions/batch/{referenceNumber}/close',
    group: 'batchSessionClose',
    fallback: 'batchSession',
  },
  openOnline: { endpoint: 'POST /sessions/online', group: 'onlineSession' },
  sendInvoice: { endpoint: 'POST /sessions/online/{referenceNumber}/invoices', group: 'invoiceSend' },
  closeOnline: {
    endpoint: 'POST /sessions/online/{referenceNumber}/close',
    group: 'onlineSessionClose',
    fallback: 'onlineSession',
  },
  listSessions: { endpoint: 'GET /sessions', group: 'sessionList' },
  sessionStatus: { endpoint: 'GET /sessions/{referenceNumber}', group: 'sessionMisc' },
  sessionInvoices: { endpoint: 'GET /sessions/{referenceNumber}/invoices', group: 'sessionInvoiceList' },
  failedInvoices: {
    endpoint: 'GET /sessions/{referenceNumber}/invoices/failed',
    group: 'sessionInvoiceList',
  },
  invoiceUpo: {
    endpoint: 'GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo',
    group: 'sessionMisc',
  },
  invoiceByNumber: { endpoint: 'GET /invoices/ksef/{ksefNumber}', group: 'invoiceDownload' },
} as const satisfies Record<string, { endpoint: string; group: string; fallback?: string }>;
export type KsefOperation = keyof typeof KSEF_OPERATIONS;

export interface SlidingWindow {
  readonly lengthMs: number;
  readonly calls: number;
}

/** One counter that a call is charged to: all its windows must have room. */
export interface Charge {
  /** `context` counters belong to a NIP at an egress address, `egress` ones to the address alone. */
  readonly scope: 'context' | 'egress';
  readonly counter: string;
  readonly windows: readonly SlidingWindow[];
}

/** The counters that one call is charged to under the limits in force. */
export function chargesFor(operation: KsefOperation, inForce: RateLimits): Charge[] {
  const call: { endpoint: string; group: string; fallback?: string } = KSEF_OPERATIONS[operation];
  if (call.group === 'login') {
    return [
      { scope: 'egress', counter: call.endpoint, windows: windowsOf(LOGIN_LIMITS) },
      ...general('anonymous', 'egress', inForce),
    ];
  }
  const group = inForce[call.group] !== undefined || call.fallback === undefined ? call.group : call.fallback;
  const limits = inForce[group] ?? DOCUMENTED_RATE_LIMITS[group] ?? DOCUMENTED_RATE_LIMITS.other;
  const counter = group === 'other' ? call.endpoint : group;
  return [
    { scope: 'context', counter, windows: limits === undefined ? [] : windowsOf(limits) },
    ...general('global', 'context', inForce),
  ];
}

/** `global` and `anonymous` (2.8.0): charged by every call of their kind wherever KSeF names them. */
function general(group: string, scope: Charge['scope'], inForce: RateLimits): Charge[] {
  const limits = inForce[group];
  return limits === undefined ? [] : [{ scope, counter: group, windows: windowsOf(limits) }];
}

function windowsOf(limits: GroupLimits): SlidingWindow[] {
  const windows = [{ lengthMs: 1000, calls: limits.perSecond }];
  if (limits.perMinute !== undefined) windows.push({ lengthMs: 60_000, calls: limits.perMinute });
  if (limits.perHour !== undefined) windows.push({ lengthMs: 3_600_000, calls: limits.perHour });
  return windows;
}

/** A call under way (`answeredAt` null) or answered; it fills its place until one window after the answer. */
export interface Slot {
  readonly answeredAt: Date | null;
  /** When a call under way began; just now, where nobody says. */
  readonly begunAt?: Date;
}

/** An unanswered call is presumed answered this long after it began, so that a crash cannot fill a window for ever. */
export const CALL_PRESUMED_ANSWERED_MS = 120_000;

/** As it counts at this moment: whoever made the call may have died before the answer. */
export function presumedAnswered(now: Date, slot: Slot): Slot {
  if (slot.answeredAt !== null || slot.begunAt === undefined) return slot;
  const presumedAt = new Date(slot.begunAt.getTime() + CALL_PRESUMED_ANSWERED_MS);
  return presumedAt <= now ? { answeredAt: presumedAt } : slot;
}

/**
 * The earliest moment at which one more call fits every window, given the calls already charged.
 * Returns `now` when there is room. A call under way holds its place with no end in sight: then a second is the guess.
 */
export function earliestCallAt(now: Date, charged: readonly Slot[], windows: readonly SlidingWindow[]): Date {
  let earliest = now.getTime();
  for (const window of windows) {
    if (window.calls <= 0) return new Date(now.getTime() + window.lengthMs);
    const freeAt = charged
      .map((slot) =>
        slot.answeredAt === null
          ? now.getTime() + Math.min(window.lengthMs, 1000)
          : slot.answeredAt.getTime() + window.lengthMs,
      )
      .filter((at) => at > now.getTime())
      .sort((left, right) => left - right);
    const mustLeave = freeAt[freeAt.length - window.calls];
    if (mustLeave !== undefined) earliest = Math.max(earliest, mustLeave);
  }
  return new Date(earliest);
}

/** Keeps every process within the windows; the ledger implements it, the KSeF client asks it before each call. */
export interface Pacer {
  /** Takes a place in each window that the call counts in; throws LimitReached where none comes free soon, KsefDown while KSeF is away. */
  take(operation: KsefOperation, nip: string | null): Promise<CallSlot>;
  /** KSeF answered 429 all the same: no such call before `until`. */
  refused(operation: KsefOperation, nip: string | null, until: Date): Promise<void>;
  /** What was free when a place was last sought here for a look at one of the seller's sessions, whoever used the rest. */
  looksLeft(nip: string): LooksLeft;
}

export interface LooksLeft {
  /** Less than half of the calls that KSeF allows for it a minute and an hour was used. */
  readonly spare: boolean;
  /** So many of an hour's are left for each of the seller's sessions, also those to come; as many as you like while less than half is used. */
  readonly forEach: number;
}

export const LOOKS_TO_SPARE: LooksLeft = { spare: true, forEach: Number.POSITIVE_INFINITY };

/**
 * Sessions to come within an hour of one that began `begun`: as many again, and no more than KSeF has left for it. Whoever
 * begins more is counted again at each look.
 */
export function sessionsToCome(begun: number, free: number): number {
  return Math.min(begun, free);
}

export interface CallSlot {
  /**
   * To be called when the answer is in (or given up on): from then on the place is freed one window later. `byKsef` is
   * false where nothing came, or nothing of KSeF's own: a 5xx, a firewall's page; null where we gave up ourselves, which
   * says nothing of KSeF.
   */
  answered(byKsef?: boolean | null): Promise<void>;
}
