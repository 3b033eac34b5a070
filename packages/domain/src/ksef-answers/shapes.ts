/**
 * Every shape that an answer can have, or lack, apart from KSeF's own code in it. docs/ksef-answers.md is compared with
 * it by a test.
 */
import type { FaultTreatment } from '../ksef-fault.ts';

export interface ShapeAnswer {
  readonly meaning: string;
  readonly wsad: FaultTreatment;
  /** Where the call must not be made twice and may have worked all the same. */
  readonly unrepeatable?: FaultTreatment;
  /** What the user sees of it. */
  readonly user: string;
}

const PASSES =
  'Nothing: wsad tries again by itself; the connection shows as degraded or down while it lasts.';
const REFUSED = 'After three attempts the invoices are held with these words of KSeF.';

export const ANSWER_SHAPES = {
  neverLeft: {
    meaning:
      'The request never left: connection refused, no such host, TLS that fails, time-out while connecting.',
    wsad: 'retry',
    user: PASSES,
  },
  unanswered: {
    meaning: 'The request left and no whole answer came: time-out, connection cut.',
    wsad: 'retry',
    unrepeatable: 'ask-session',
    user: PASSES,
  },
  unreadable: {
    meaning:
      "A success by its status that is not KSeF's: a page (HTML with 200), JSON cut off, fields missing.",
    wsad: 'retry',
    unrepeatable: 'ask-session',
    user: PASSES,
  },
  redirected: {
    meaning: '3xx: a firewall sends us elsewhere; never followed.',
    wsad: 'retry',
    user: PASSES,
  },
  notLoggedIn: {
    meaning: '401: the access token is no good.',
    wsad: 'relogin',
    user: 'Nothing: wsad logs in again.',
  },
  forbidden: {
    meaning: "403 in KSeF's words: a permission is missing, the address or the method is not allowed.",
    wsad: 'hold-permission',
    user: 'The invoices are held with these words of KSeF: grant the permission, then retry.',
  },
  forbiddenBySecurity: {
    meaning: "403 security-service-blocked: KSeF's guard stopped this one call.",
    wsad: 'retry',
    user: PASSES,
  },
  requestTimeout: {
    meaning: '408: KSeF, or something before it, gave up waiting for the request.',
    wsad: 'retry',
    unrepeatable: 'ask-session',
    user: PASSES,
  },
  tooLarge: {
    meaning: '413: the request is larger than is taken, whoever says so.',
    wsad: 'stop',
    user: 'Sent alone the invoice is held at once, with others after three attempts; the error names 413.',
  },
  tooEarly: { meaning: '425: too early.', wsad: 'retry', user: PASSES },
  tooMany: {
    meaning: '429: over a limit; Retry-After names the time.',
    wsad: 'wait',
    user: 'Nothing: wsad waits as long as KSeF says.',
  },
  refused: {
    meaning: "Any other 4xx in KSeF's words: the request itself is wrong.",
    wsad: 'stop',
    user: REFUSED,
  },
  page: {
    meaning: "Any other 4xx without KSeF's words: a firewall's page, no verdict.",
    wsad: 'retry',
    user: PASSES,
  },
  serverError: {
    meaning: '5xx, whatever it holds.',
    wsad: 'retry',
    unrepeatable: 'ask-session',
    user: PASSES,
  },
} as const satisfies Record<string, ShapeAnswer>;
export type AnswerShape = keyof typeof ANSWER_SHAPES;

const BY_STATUS: Readonly<Record<number, AnswerShape>> = {
  401: 'notLoggedIn',
  408: 'requestTimeout',
  413: 'tooLarge',
  425: 'tooEarly',
  429: 'tooMany',
};

/** The shape that a status tells, given whether KSeF's own words came with it. */
export function shapeOf(
  status: number | null,
  { worded, reasonCode }: { worded: boolean; reasonCode: string | null } = { worded: true, reasonCode: null },
): AnswerShape {
  if (status === null) return 'unanswered';
  if (status < 300) return 'unreadable';
  if (status < 400) return 'redirected';
  if (status >= 500) return 'serverError';
  const named = BY_STATUS[status];
  if (named !== undefined) return named;
  if (!worded) return 'page';
  if (status !== 403) return 'refused';
  return reasonCode === 'security-service-blocked' ? 'forbiddenBySecurity' : 'forbidden';
}

/** True where a call may have worked although it was answered so. */
export function leavesDoubt(shape: AnswerShape): boolean {
  return 'unrepeatable' in ANSWER_SHAPES[shape];
}
