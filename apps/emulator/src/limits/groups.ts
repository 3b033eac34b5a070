export type RateLimit = { perSecond: number; perMinute: number; perHour: number };

/** Limits by group. Groups are data: a table may hold more or fewer of them. */
export type RateLimits = Record<string, RateLimit>;

/** The counter an operation is charged to; `auth` is counted per endpoint and IP alone. */
export type LimitGroup =
  | 'batchSession'
  | 'batchSessionClose'
  | 'onlineSession'
  | 'onlineSessionClose'
  | 'invoiceSend'
  | 'invoiceStatus'
  | 'sessionList'
  | 'sessionInvoiceList'
  | 'sessionMisc'
  | 'invoiceDownload'
  | 'invoiceMetadata'
  | 'invoiceExport'
  | 'invoiceExportStatus'
  | 'other'
  | 'auth';

function limit(perSecond: number, perMinute: number, perHour: number): RateLimit {
  return { perSecond, perMinute, perHour };
}

/** The groups of open-api 2.7.0, where a close is charged to the group of its opening. */
export const rateLimits270: RateLimits = {
  onlineSession: limit(10, 30, 120),
  batchSession: limit(10, 20, 60),
  invoiceSend: limit(10, 30, 180),
  invoiceStatus: limit(30, 120, 1200),
  sessionList: limit(5, 10, 60),
  sessionInvoiceList: limit(10, 20, 200),
  sessionMisc: limit(10, 120, 1200),
  invoiceMetadata: limit(8, 16, 20),
  invoiceExport: limit(8, 16, 20),
  invoiceExportStatus: limit(10, 60, 600),
  invoiceDownload: limit(8, 16, 64),
  collectiveIdentifier: limit(10, 60, 120),
  other: limit(10, 30, 120),
};

/**
 * API 2.8.0 gave the closes groups of their own and added `anonymous` and `global`. The values of those two are
 * not published: here they are the known 60 calls a second per endpoint, and a ceiling that binds nobody who keeps
 * to the other groups.
 */
export const rateLimits280: RateLimits = {
  ...rateLimits270,
  onlineSessionClose: limit(20, 60, 240),
  batchSessionClose: limit(20, 40, 120),
  anonymous: limit(60, 3_600, 216_000),
  global: limit(150, 1_500, 15_000),
};

/** Login endpoints and other calls without a context: per endpoint and IP. */
export const loginLimit: RateLimit = limit(60, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);

/** The group an operation is charged to under this table, with its limit. */
export function chargedGroup(limits: RateLimits, group: LimitGroup): { name: string; limit: RateLimit } {
  if (group === 'auth') return { name: 'auth', limit: loginLimit };
  const openedBy: Partial<Record<LimitGroup, string>> = {
    batchSessionClose: 'batchSession',
    onlineSessionClose: 'onlineSession',
  };
  for (const name of [group, openedBy[group], 'other']) {
    const limit = name === undefined ? undefined : limits[name];
    if (name !== undefined && limit !== undefined) return { name, limit };
  }
  return { name: 'other', limit: limit270Other };
}

const limit270Other: RateLimit = limit(10, 30, 120);
