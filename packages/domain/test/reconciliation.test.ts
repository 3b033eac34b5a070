import { describe, expect, it } from 'vitest';
import { judgeFound } from '../src/index.ts';

const session = { kind: 'batch', invoiceCount: 7, successfulInvoiceCount: 6, failedInvoiceCount: 1 } as const;

describe('a session that was found', () => {
  it.each([
    ['a batch in the works', { ...session, statusCode: 150 }, 'wait'],
    ['an interactive one in the works', { ...session, kind: 'interactive', statusCode: 170 }, 'wait'],
    ['a status below 200 that is new to us', { ...session, statusCode: 199 }, 'wait'],
    ['a batch that is open', { ...session, statusCode: 100 }, 'nothing'],
    [
      'an interactive one that is open and judged',
      { ...session, kind: 'interactive', statusCode: 100 },
      'read',
    ],
    [
      'an interactive one that is open, with one still to be judged',
      { ...session, kind: 'interactive', statusCode: 100, failedInvoiceCount: 0 },
      'wait',
    ],
    [
      'an interactive one that is open and empty',
      {
        kind: 'interactive',
        statusCode: 100,
        invoiceCount: 0,
        successfulInvoiceCount: 0,
        failedInvoiceCount: 0,
      },
      'nothing',
    ],
    ['one that is done', { ...session, statusCode: 200 }, 'read'],
    ['one in which nothing was good', { ...session, statusCode: 445, successfulInvoiceCount: 0 }, 'nothing'],
    ['one that failed, with invoices registered all the same', { ...session, statusCode: 405 }, 'read'],
    ['one that failed', { ...session, statusCode: 440, successfulInvoiceCount: 0 }, 'nothing'],
  ] as const)('%s', (_, found, verdict) => {
    expect(judgeFound(found)).toBe(verdict);
  });
});
