import { WEBHOOK_EVENTS } from '@wsad/client';
import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatInstant,
  formatNip,
  formatRelative,
} from '../src/format.ts';
import { invoiceSearch } from '../src/invoice-search.ts';
import { base64Of } from '../src/pages/base64.ts';
import { diagnosisOf, refusalCode, type SellerStatus } from '../src/pages/seller-diagnosis.ts';
import { stepsOf } from '../src/pages/session-times.ts';
import { BYTES_MAX, batchesOf, FILES_MAX, isInvoiceFile } from '../src/pages/upload-batches.ts';
import { eventsSaid, type Said, whatChanged } from '../src/pages/webhook-said.ts';

const READY: SellerStatus = {
  nip: '5265877635',
  authentication: {
    ...{
      state: 'active',
      credentials: 'own',
      method: 'ksefToken',
      validUntil: null,
      permissions: ['InvoiceWrite'],
    },
    ...{ recommendedMissing: [], lastError: null, certificate: null },
  },
  connection: { state: 'up', lastSuccessAt: null, latencyMs: 40, clock: null, latarnia: null, warnings: [] },
  ...{
    paused: false,
    reconciling: null,
    ready: true,
    reason: null,
    pending: 0,
    held: 0,
    nextDispatchAt: null,
  },
  ...{ nextDeadlineAt: null, deadlinesNear: 0, deadlinesPassed: 0, limits: [] },
};
const login = (change: Partial<SellerStatus['authentication']>): SellerStatus => ({
  ...READY,
  authentication: { ...READY.authentication, ...change },
});

describe('the diagnosis of a seller', () => {
  it.each<[string, SellerStatus, string | null]>([
    ['ready', READY, null],
    ['noCredentials', login({ state: 'none', credentials: 'none' }), 'credentials'],
    ['refused', login({ state: 'refused', lastError: '450 no' }), 'credentials'],
    ['blocked', login({ state: 'blocked' }), 'credentials'],
    ['opening', login({ state: 'opening' }), null],
    ['notYet', login({ state: 'none' }), 'login'],
    ['trying', login({ state: 'none', lastError: '500' }), 'login'],
    ['mayNotSend', login({ permissions: ['InvoiceRead'] }), 'login'],
    ['paused', { ...READY, paused: true, ready: false }, 'resume'],
    ['down', { ...READY, connection: { ...READY.connection, state: 'down' }, ready: false }, null],
    [
      'reconciling',
      { ...READY, reconciling: { since: '2026-01-01T00:00:00Z', lastError: null }, ready: false },
      null,
    ],
    ['notReady', { ...READY, ready: false }, 'login'],
    ['readyHeld', { ...READY, held: 2 }, 'held'],
    ['readyLate', { ...READY, deadlinesPassed: 1 }, null],
    ['readyDegraded', { ...READY, connection: { ...READY.connection, state: 'degraded' } }, null],
    ['readyExpired', login({ state: 'expired' }), null],
  ])('is %s', (key, status, remedy) => {
    expect(diagnosisOf(status, false)).toMatchObject({ key, remedy });
  });

  it('puts a missing login before a pause of all', () => {
    expect(diagnosisOf(READY, true).key).toBe('allPaused');
    expect(diagnosisOf(login({ state: 'refused' }), true).key).toBe('refused');
  });

  it('explains the codes that it knows', () => {
    expect(refusalCode('450 Uwierzytelnianie zakończone niepowodzeniem')).toBe('450');
    expect(refusalCode('999 something')).toBeNull();
    expect(refusalCode(null)).toBeNull();
  });
});

describe('a drop of files', () => {
  it('is split by count and by size, in order', () => {
    const small = Array.from({ length: FILES_MAX + 1 }, () => ({ size: 1 }));
    expect(batchesOf(small).map((batch) => batch.length)).toEqual([FILES_MAX, 1]);
    const half = { size: BYTES_MAX / 2 };
    expect(batchesOf([half, half, half]).map((batch) => batch.length)).toEqual([2, 1]);
    expect(batchesOf([])).toEqual([]);
  });

  it('knows an invoice or archive by its name', () => {
    expect(['a.xml', 'b.ZIP', '.DS_Store', 'xml'].filter(isInvoiceFile)).toEqual(['a.xml', 'b.ZIP']);
  });
});

describe('an address of the list of invoices', () => {
  it('keeps what it understands', () => {
    expect(invoiceSearch({ nip: 5265877635, state: 'held', buyer: ' ', page: 3 })).toEqual({
      nip: '5265877635',
      state: 'held',
    });
    expect(invoiceSearch({ state: 'nonsense' })).toEqual({});
  });
});

describe('formats', () => {
  it('are those of the language, at the time of Warsaw', () => {
    expect(formatInstant('2026-11-16T23:30:00Z', 'pl')).toBe('17 lis 2026, 00:30');
    expect(formatAmount('17585.05', 'PLN', 'pl')).toMatch(/^17\s585,05 PLN$/);
    expect(formatAmount('none', null, 'pl')).toBe('none');
    expect([999, 1500, 250_000_000].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
      '999 B',
      '1.5 kB',
      '250 MB',
    ]);
    expect([850, 61_000].map((ms) => formatDuration(ms, 'en'))).toEqual(['0.9 s', '1 min 1 s']);
    expect(formatNip('5265877635')).toBe('526-587-76-35');
    const now = Date.parse('2026-11-16T10:00:00Z');
    expect(formatRelative('2026-11-16T10:03:00Z', now, 'en')).toBe('in 3 minutes');
    expect(formatRelative('2026-11-16T09:59:30Z', now, 'pl')).toBe('30 sekund temu');
  });

  it('give bytes as base64', () => {
    expect(base64Of(Uint8Array.of(0, 255, 65))).toBe(Buffer.of(0, 255, 65).toString('base64'));
  });
});

describe('the steps of a session', () => {
  it('are those that are over', () => {
    const timings = {
      claimedAt: '2026-11-16T10:00:00Z',
      openedAt: '2026-11-16T10:00:02Z',
      closingAt: '2026-11-16T10:00:03Z',
      ...{ closedAt: null, endedAt: null },
    };
    expect(stepsOf(timings)).toEqual([
      { step: 'opening', ms: 2000 },
      { step: 'sending', ms: 1000 },
    ]);
  });
});

describe('a change of a webhook', () => {
  const KNOWN = [...WEBHOOK_EVENTS];
  const before = JSON.parse(
    '{"url":"https://a.example","events":["invoice.held","a.newer.event"],"sellers":["5265877635"],"description":null}',
  ) as Said;

  it('leaves alone what was not touched, also events that this page does not know', () => {
    const now = { ...before, events: eventsSaid(['invoice.held'], before.events), description: 'ours' };
    expect(whatChanged(before, now)).toEqual({ description: 'ours' });
    expect(whatChanged(before, before)).toEqual({});
    expect(eventsSaid(KNOWN, 'all')).toBe('all');
    expect(eventsSaid(KNOWN, KNOWN)).toEqual(KNOWN);
    const turned = KNOWN.toReversed();
    expect(eventsSaid(KNOWN, turned)).toBe(turned);
  });

  it('keeps events that this page does not know beside those that were ticked', () => {
    const events = eventsSaid(['invoice.cleared'], before.events);
    expect(whatChanged(before, { ...before, events })).toEqual({
      events: ['invoice.cleared', 'a.newer.event'],
    });
    expect(eventsSaid(['deadline.near'], 'all')).toEqual(['deadline.near']);
  });

  it('asks for all there will be where everything was ticked', () => {
    expect(eventsSaid(KNOWN, before.events)).toBe('all');
    expect(eventsSaid(KNOWN, ['invoice.held'])).toBe('all');
  });

  it('tells address and sellers where they are others', () => {
    const now: Said = { ...before, url: 'https://b.example', sellers: 'all' };
    expect(whatChanged(before, now)).toEqual({ url: 'https://b.example', sellers: 'all' });
  });
});
