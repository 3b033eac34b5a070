/** Faults of answers that look like success: late, wrong in one place, or of a kind nobody knows yet. */
import type { FaultRequest } from '../control/faults.ts';
import { type CallName, operationOf } from './calls.ts';
import type { FaultTable } from './program.ts';

const LOOKS = 5;
/** `[code]: message`; a header holds no Polish letters. */
const SYSTEM_WARNING = '[1001]: Planned maintenance tonight';
const processing = { code: 150, description: 'Trwa przetwarzanie' };
const nothingDone = { upo: null, successfulInvoiceCount: 0, failedInvoiceCount: 0 };

export const answerFaults: FaultTable = {
  'session-stays-150': {
    title: `a finished session still shows 150, for ${LOOKS} looks`,
    source: 'seen #408',
    program: {
      call: onFinished({ set: { status: processing, ...nothingDone } }, LOOKS),
    },
  },
  'session-upo-late': {
    title: `a finished session has no UPO yet, for ${LOOKS} looks`,
    source: 'derived',
    program: { call: onFinished({ set: { upo: null } }, LOOKS) },
  },
  'session-unknown-code': {
    title: 'a finished session shows a status code nobody knows (165)',
    source: 'derived',
    program: {
      call: onFinished({ set: { status: { code: 165, description: 'Nowy status' }, upo: null } }),
    },
  },
  'invoice-unknown-code': {
    title: 'the first invoice of a results page shows a status code nobody knows (465)',
    source: 'derived',
    program: {
      call: {
        operation: operationOf('invoice-list'),
        edit: { set: { 'invoices.0.status': { code: 465, description: 'Nowy status' } } },
      },
    },
  },
  'invoice-list-repeats': {
    title: 'a results page tells its first invoice twice',
    source: 'derived',
    program: { call: listChanged('invoice-list', 'repeat') },
  },
  'invoice-list-skips': {
    title: 'a results page leaves its first invoice out',
    source: 'derived',
    program: { call: listChanged('invoice-list', 'skip') },
  },
  'failed-list-repeats': {
    title: 'a page of failed invoices tells its first one twice',
    source: 'derived',
    program: { call: listChanged('failed-list', 'repeat') },
  },
  'failed-list-skips': {
    title: 'a page of failed invoices leaves its first one out',
    source: 'derived',
    program: { call: listChanged('failed-list', 'skip') },
  },
  'upo-wrong-hash': {
    title: 'a UPO comes whole, with the hash of something else in x-ms-meta-hash',
    source: 'derived',
    program: {
      call: {
        operation: operationOf('upo'),
        headers: { 'x-ms-meta-hash': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
      },
    },
  },
  'system-warning': {
    title: 'the next 25 answers to calls with a token bring the header X-System-Warning',
    source: 'open-api 2.7.0',
    program: {
      call: { operation: '*', times: 25, headers: { 'x-system-warning': SYSTEM_WARNING } },
    },
  },
};

function onFinished(edit: NonNullable<FaultRequest['edit']>, times = 1): FaultRequest {
  const where = { 'status.code': 200 };
  return { operation: operationOf('session-status'), times, edit: { ...edit, where } };
}

function listChanged(call: CallName, change: 'repeat' | 'skip'): FaultRequest {
  return { operation: operationOf(call), edit: { list: { at: 'invoices', change } } };
}
