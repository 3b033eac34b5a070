/** Faults where one kind of call is refused with one of its documented codes, or wrongly refused by the storage. */
import type { FaultRequest } from '../control/faults.ts';
import type { ExceptionCode } from '../http/exception-codes.ts';
import { type CallName, operationOf } from './calls.ts';
import type { FaultTable } from './program.ts';

const documented = 'open-api 2.7.0';
const closeUnknown = 'seen #786 #801 #822 #830';

export const refusedCallFaults: FaultTable = {
  unauthorized: {
    title: 'whatever call comes next, its token is no longer good (401)',
    source: documented,
    program: { call: { operation: '*', refusal: { kind: 'unauthorized' } } },
  },
  'redeem-again': entry(
    'the tokens of this login were redeemed already (400, 21301)',
    documented,
    refused('redeem', 21301),
  ),
  'refresh-400': entry(
    'the refresh token is refused (400, 21301)',
    'seen #336 #524 #694 #704',
    refused('refresh', 21301),
  ),
  'refresh-401': entry('the refresh token is no longer good (401)', 'seen #336 #524 #694 #704', {
    operation: operationOf('refresh'),
    refusal: { kind: 'unauthorized' },
  }),
  'login-21470': entry(
    'the key named for the login is unknown or withdrawn',
    documented,
    refused('login', 21470),
  ),
  'batch-open-21001': entry('the content is unreadable', 'API 2.9.0', refused('batch-open', 21001)),
  'batch-open-21157': entry('a part is too large', documented, refused('batch-open', 21157)),
  'batch-open-21161': entry('there are too many parts', documented, refused('batch-open', 21161)),
  'batch-open-21405': entry(
    'the request is refused by a validator',
    documented,
    refused('batch-open', 21405),
  ),
  'batch-open-21470': entry(
    'the key named is unknown or withdrawn',
    documented,
    refused('batch-open', 21470),
  ),
  'batch-open-413': entry('the gateway finds the request too large', 'seen #577', {
    operation: operationOf('batch-open'),
    status: 413,
    body: '<html><head><title>413 Request Entity Too Large</title></head></html>',
  }),
  'upload-400': entry('the storage refuses the bytes', documented, blob(400, 'InvalidInput')),
  'upload-401': entry('the storage refuses the sender', documented, blob(401, 'InvalidAuthenticationInfo')),
  'upload-400-chunked': entry(
    'the storage refuses chunked transfer',
    'seen client-java #72',
    blob(400, 'UnsupportedHeader'),
  ),
  'upload-403': entry('the upload address has expired', documented, blob(403, 'AuthenticationFailed')),
  'upload-411': entry(
    'the storage misses Content-Length',
    'seen #146',
    blob(411, 'MissingContentLengthHeader'),
  ),
  'batch-close-21173': entry(
    'the session is not found, and is not closed',
    closeUnknown,
    refused('batch-close', 21173),
  ),
  'batch-close-21173-worked': entry('the session is not found, and yet is closed', closeUnknown, {
    ...refused('batch-close', 21173),
    afterEffect: true,
  }),
  'batch-close-21180': entry('the session is in a wrong state', documented, refused('batch-close', 21180)),
  'batch-close-21180-worked': entry('the session is in a wrong state, and yet is closed', closeUnknown, {
    ...refused('batch-close', 21180),
    afterEffect: true,
  }),
  'batch-close-21205': entry('the package is empty', 'seen #264 #295', refused('batch-close', 21205)),
  'session-status-21173': entry('the session is not found', closeUnknown, refused('session-status', 21173)),
  'invoice-list-21418': entry(
    'the continuation token is refused; first pages are answered',
    documented,
    continued('invoice-list'),
  ),
  'failed-list-21418': entry(
    'the continuation token is refused; first pages are answered',
    documented,
    continued('failed-list'),
  ),
  'session-list-21418': entry(
    'the continuation token is refused; first pages are answered',
    documented,
    continued('session-list'),
  ),
  'online-open-21470': entry(
    'the key named is unknown or withdrawn',
    documented,
    refused('online-open', 21470),
  ),
  'online-open-21001': entry('the content is unreadable', 'API 2.9.0', refused('online-open', 21001)),
  'invoice-send-21001': entry('the content is unreadable', 'API 2.9.0', refused('invoice-send', 21001)),
  'invoice-send-21155': entry('the session is full', documented, refused('invoice-send', 21155)),
  'invoice-send-21166': entry(
    'the technical correction is not available',
    documented,
    refused('invoice-send', 21166),
  ),
  'invoice-send-21167': entry(
    "the invoice's status allows no technical correction",
    documented,
    refused('invoice-send', 21167),
  ),
  'invoice-send-21180': entry('the session is in a wrong state', documented, refused('invoice-send', 21180)),
  'invoice-send-21184': entry(
    'the session is in maintenance: go on in a new one',
    'API 2.8.0',
    refused('invoice-send', 21184),
  ),
  'invoice-send-21402': entry('the size is not the declared one', documented, refused('invoice-send', 21402)),
  'invoice-send-21403': entry('the hash is not the declared one', documented, refused('invoice-send', 21403)),
  'online-close-21173-worked': entry('the session is not found, and yet is closed', closeUnknown, {
    ...refused('online-close', 21173),
    afterEffect: true,
  }),
  'online-close-21180': entry('the session is in a wrong state', documented, refused('online-close', 21180)),
  'online-close-21180-worked': entry('the session is in a wrong state, and yet is closed', closeUnknown, {
    ...refused('online-close', 21180),
    afterEffect: true,
  }),
  'metadata-query-21183': entry(
    'the range begins later than the data',
    documented,
    refused('metadata-query', 21183),
  ),
  'export-start-21182': entry('ten exports are under way', documented, refused('export-start', 21182)),
  'export-status-21175': entry('the export is not known', documented, refused('export-status', 21175)),
  'invoice-download-21164': entry(
    'the invoice does not exist',
    documented,
    refused('invoice-download', 21164),
  ),
  'invoice-download-21165': entry(
    'the invoice cannot be had yet',
    documented,
    refused('invoice-download', 21165),
  ),
};

function entry(title: string, source: string, call: FaultRequest): FaultTable[string] {
  return { title: `${call.operation}: ${title}`, source, program: { call } };
}

function refused(call: CallName, code: ExceptionCode): FaultRequest {
  return { operation: operationOf(call), refusal: { kind: 'exception', code } };
}

function continued(call: CallName): FaultRequest {
  return { ...refused(call, 21418), withHeader: 'x-continuation-token' };
}

function blob(status: number, code: string): FaultRequest {
  return {
    operation: operationOf('upload'),
    status,
    contentType: 'application/xml',
    headers: { 'x-ms-error-code': code },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`,
  };
}
