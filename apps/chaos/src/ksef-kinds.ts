/** What KSeF itself gets wrong in a run: a choice of the emulator's catalogue, one kind each. */
import type { FaultKind } from './faults.ts';

/** Where a fault plays an earlier registration, its session is none of ours. */
export const MADE_UP_ORIGINAL = 'original made up';

interface Choice {
  readonly what: string;
  readonly slow?: boolean;
  readonly times?: number;
  readonly mayEnd?: readonly string[];
}

/** By the emulator's own names. */
const CHOSEN: Readonly<Record<string, Choice>> = {
  'login-503': { what: 'a login is answered 503' },
  'redeem-lost-worked': { what: "the answer to redeeming a login's tokens is lost" },
  'login-ends-550': { what: 'a login is cancelled by the system' },
  unauthorized: { what: 'a token is no longer good, whatever comes next' },
  'batch-open-lost-worked': { what: 'the answer to opening a batch is lost' },
  'batch-open-503': { what: 'opening a batch is answered 503', times: 3 },
  'online-open-504-worked': { what: 'opening an interactive session works and is answered 504' },
  'upload-html': { what: "an upload is answered 200 with a firewall's page" },
  'upload-cancels': { what: 'an upload is answered 201, and its session is cancelled' },
  'upload-504-worked': { what: 'an upload works and is answered 504' },
  'batch-close-504-worked': { what: 'closing a batch works and is answered 504' },
  'batch-close-lost-worked': { what: 'the answer to closing a batch is lost' },
  'batch-close-21173-worked': { what: 'closing a batch works and is answered 21173' },
  'batch-close-500': { what: 'closing a batch fails with 500, three times', times: 3 },
  'invoice-send-lost-worked': { what: 'the answer to an interactive invoice is lost' },
  'invoice-send-lost': { what: 'an interactive invoice is lost' },
  'invoice-send-504-worked': { what: 'an interactive invoice is taken and answered 504' },
  'online-close-504-worked': { what: 'closing an interactive session works and is answered 504' },
  'session-status-502': { what: 'a storm of 502 on status', times: 8 },
  'session-status-redirect': { what: 'status is redirected in a circle by a firewall' },
  'session-status-429': { what: '429 on status, Retry-After 30', slow: true },
  'batch-close-silent-worked': { what: 'closing a batch works and is never answered', slow: true },
  'invoice-send-silent-worked': { what: 'an interactive invoice is taken and never answered', slow: true },
  'session-stays-150': { what: 'a finished session stays at 150' },
  'session-upo-late': { what: 'a finished session has no UPO yet' },
  'upo-html': { what: "a UPO is answered with a firewall's page" },
  'upo-wrong-hash': { what: 'a UPO comes with a wrong hash' },
  'failed-list-skips': { what: 'a page of failed invoices leaves one out' },
  'invoice-list-repeats': { what: 'a page of results repeats an invoice' },
  'duplicate-of-own': { what: '440: our own bytes are there already', mayEnd: [MADE_UP_ORIGINAL] },
  'duplicate-of-own-misnamed': {
    what: '440: our own bytes are there already, under a number that does not exist',
    mayEnd: [MADE_UP_ORIGINAL, 'held: duplicate_unknown'],
  },
  'duplicate-of-foreign': {
    what: "440: somebody else's invoice of this number",
    mayEnd: [MADE_UP_ORIGINAL, 'rejected: 440'],
  },
  'duplicate-of-foreign-unnamed': {
    what: "440: somebody else's invoice of this number, not named",
    mayEnd: [MADE_UP_ORIGINAL, 'held: duplicate_unknown'],
  },
  'batch-500': { what: 'a batch ends with 500' },
  'batch-405': { what: 'a batch ends with 405 though nothing is wrong with it' },
  'batch-445': { what: 'a batch ends with 445: every invoice is there already', mayEnd: [MADE_UP_ORIGINAL] },
  'online-500': { what: 'an interactive session ends with 500' },
  'invoice-550': { what: 'an invoice is cancelled by the system' },
  'invoice-450': { what: 'an invoice is refused for its contents', mayEnd: ['rejected: 450'] },
  'keys-withdrawn': { what: "KSeF's keys are withdrawn at once" },
  'limits-halved': { what: 'every limit falls to half' },
};

const LASTING: readonly string[] = ['keys-withdrawn', 'limits-halved'];

function kindFor(fault: string, { times, what, ...choice }: Choice): FaultKind {
  return {
    ...choice,
    what,
    group: 'KSeF',
    draw: () => ({ how: 'ksef', fault, times: LASTING.includes(fault) ? null : (times ?? 1) }),
  };
}

export const ksefKinds: Readonly<Record<string, FaultKind>> = Object.fromEntries(
  Object.entries(CHOSEN).map(([fault, choice]) => [`ksef-${fault}`, kindFor(fault, choice)]),
);
