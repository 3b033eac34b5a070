import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  FINAL_INVOICE_STATES,
  HOLD_CAUSES,
  HOLDS_CURED_BY_CREDENTIALS,
  INVOICE_TRANSITIONS,
  mayBecome,
  SESSION_TRANSITIONS,
  sessionMayBecome,
} from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8');
const [invoicePart = '', sessionPart = ''] = page.split('## Sending session');

function tableOf(part: string, firstHeading: string): Record<string, string> {
  const start = part.indexOf(`| ${firstHeading} |`);
  const rows = part.slice(start).split('\n').slice(2);
  const table: Record<string, string> = {};
  for (const row of rows) {
    if (!row.startsWith('|')) break;
    const [, from = '', to = ''] = row.split('|').map((cell) => cell.trim());
    table[from] = to;
  }
  return table;
}

function worded(transitions: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(transitions).map(([from, to]) => [from, to.length === 0 ? '(final)' : to.join(', ')]),
  );
}

function arrowsOf(part: string): string[] {
  return [...part.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} ${to}`);
}

describe('docs/states.md', () => {
  it('lists exactly the invoice transitions of the code', () => {
    expect(tableOf(invoicePart, 'from')).toEqual(worded(INVOICE_TRANSITIONS));
  });

  it('lists exactly the session transitions of the code', () => {
    expect(tableOf(sessionPart, 'from')).toEqual(worded(SESSION_TRANSITIONS));
  });

  it('draws no arrow that the code does not allow', () => {
    const invoiceArrows = arrowsOf(invoicePart).map((arrow) => arrow.split(' '));
    const sessionArrows = arrowsOf(sessionPart).map((arrow) => arrow.split(' '));
    expect(invoiceArrows.length).toBeGreaterThan(8);
    expect(sessionArrows.length).toBeGreaterThan(8);
    for (const [from = '', to = ''] of invoiceArrows) expect(worded(INVOICE_TRANSITIONS)[from]).toContain(to);
    for (const [from = '', to = ''] of sessionArrows) expect(worded(SESSION_TRANSITIONS)[from]).toContain(to);
  });

  it('names every cause of a hold', () => {
    expect(Object.keys(tableOf(invoicePart, 'cause')).sort()).toEqual(Object.keys(HOLD_CAUSES).sort());
  });
});

describe('states', () => {
  it('cleared, rejected and withdrawn are final and nothing else is', () => {
    expect([...FINAL_INVOICE_STATES].sort()).toEqual(['cleared', 'rejected', 'withdrawn']);
  });

  it('knows what may become what', () => {
    expect(mayBecome('accepted', 'sending')).toBe(true);
    expect(mayBecome('cleared', 'accepted')).toBe(false);
    expect(sessionMayBecome('closed', 'settled')).toBe(true);
    expect(sessionMayBecome('closed', 'abandoned')).toBe(false);
  });

  it('cures by credentials only holds that are about credentials', () => {
    for (const cause of HOLDS_CURED_BY_CREDENTIALS) expect(HOLD_CAUSES[cause]).toMatch(/credentials/);
  });
});
