/** Faults that can befall every call, or every one of a kind: one entry for each pair. */
import type { FaultRequest } from '../control/faults.ts';
import { type CallName, callNames, calls } from './calls.ts';
import type { FaultTable } from './program.ts';

type Family = {
  title: string;
  source: string;
  befalls: 'every call' | 'metered calls' | 'calls with an access token' | 'calls that answer JSON';
  does: Omit<FaultRequest, 'operation'>;
};

export const HTML_PAGE =
  '<html><head><title>Request Rejected</title></head><body>Support ID: 0</body></html>';

/** More hops than any client follows, so that the loop has no way out. */
const LOOP_HOPS = 25;
const RETRY_AFTER_S = 30;

const unavailable = 'seen #852';
const firewall = 'seen #105 #247 #406 #740';
const unknownFate = 'seen #786 #801 #822 #830';

/** Named by what follows the call's name: `upload-502` is `502` befalling `upload`. */
export const families: Readonly<Record<string, Family>> = {
  '500': {
    title: 'answers 500 as a problem and has done nothing',
    source: unavailable,
    befalls: 'every call',
    does: problemAnswer(500, 'Internal Server Error'),
  },
  '500-worked': {
    title: 'answers 500 as a problem, and yet has worked',
    source: unknownFate,
    befalls: 'every call',
    does: { ...problemAnswer(500, 'Internal Server Error'), afterEffect: true },
  },
  '502': {
    title: 'answers 502 with a page and has done nothing',
    source: unavailable,
    befalls: 'every call',
    does: { status: 502, body: HTML_PAGE },
  },
  '503': {
    title: 'answers 503 with a page and has done nothing',
    source: unavailable,
    befalls: 'every call',
    does: { status: 503, body: HTML_PAGE },
  },
  '504': {
    title: 'answers 504 with a page and has done nothing',
    source: unavailable,
    befalls: 'every call',
    does: { status: 504, body: HTML_PAGE },
  },
  '504-worked': {
    title: 'answers 504 with a page, and yet has worked',
    source: unknownFate,
    befalls: 'every call',
    does: { status: 504, body: HTML_PAGE, afterEffect: true },
  },
  lost: {
    title: 'loses its connection and has done nothing',
    source: unavailable,
    befalls: 'every call',
    does: { drop: true },
  },
  'lost-worked': {
    title: 'loses its connection once it has worked',
    source: unknownFate,
    befalls: 'every call',
    does: { drop: true, afterEffect: true },
  },
  silent: {
    title: 'is never answered and does nothing',
    source: unavailable,
    befalls: 'every call',
    does: { silent: true },
  },
  'silent-worked': {
    title: 'is never answered, and yet has worked',
    source: unknownFate,
    befalls: 'every call',
    does: { silent: true, afterEffect: true },
  },
  redirect: {
    title: 'is redirected to itself by a firewall (307), 25 times',
    source: firewall,
    befalls: 'every call',
    does: { status: 307, body: '', headers: { location: '{self}' }, times: LOOP_HOPS },
  },
  html: {
    title: "answers 200 with a firewall's page and has done nothing",
    source: firewall,
    befalls: 'every call',
    does: { status: 200, body: HTML_PAGE },
  },
  '429': {
    title: `answers 429 with Retry-After: ${RETRY_AFTER_S}, in the format asked for`,
    source: 'seen #595',
    befalls: 'metered calls',
    does: { refusal: { kind: 'tooMany', retryAfterS: RETRY_AFTER_S } },
  },
  '401': {
    title: 'finds its token no longer good (401)',
    source: 'open-api 2.7.0',
    befalls: 'calls with an access token',
    does: { refusal: { kind: 'unauthorized' } },
  },
  '403': {
    title: 'finds a permission missing (403, missing-permissions)',
    source: 'open-api 2.7.0',
    befalls: 'calls with an access token',
    does: { refusal: { kind: 'missingPermissions', anyOf: ['InvoiceWrite'] } },
  },
  cut: {
    title: 'works, and its JSON ends in the middle',
    source: 'derived',
    befalls: 'calls that answer JSON',
    does: { edit: { cut: true } },
  },
};

/** Whether the fault of a family can befall a call. */
export function befalls({ befalls: whom }: Family, call: CallName): boolean {
  const { side, hasJson } = calls[call];
  switch (whom) {
    case 'every call':
      return true;
    case 'metered calls':
      return side !== 'storage';
    case 'calls with an access token':
      return side === 'access';
    case 'calls that answer JSON':
      return hasJson;
  }
}

export const anyCallFaults: FaultTable = Object.fromEntries(
  Object.entries(families).flatMap(([suffix, family]) =>
    callNames
      .filter((call) => befalls(family, call))
      .map((call) => [`${call}-${suffix}`, entryOf(call, family)]),
  ),
);

function entryOf(call: CallName, { title, source, does }: Family): FaultTable[string] {
  const { operation } = calls[call];
  return { title: `${operation} ${title}`, source, program: { call: { operation, ...does } } };
}

function problemAnswer(status: number, title: string): Omit<FaultRequest, 'operation'> {
  return { status, contentType: 'application/problem+json', body: { title, status, detail: title } };
}
