import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  crc8,
  hasNipChecksum,
  isKsefNumber,
  isNip,
  judgeFault,
  judgeInvoice,
  judgeLogin,
  judgeSession,
  startOfWarsawDay,
  verificationUrl,
  warsawDay,
} from '../src/index.ts';

describe('NIP', () => {
  it('knows the pattern and, apart from it, the check digit', () => {
    expect(isNip('5265877635')).toBe(true);
    expect(hasNipChecksum('5265877635')).toBe(true);
    expect(hasNipChecksum('5265877636')).toBe(false);
    for (const wrong of ['0265877635', '526-587-76-35', '1001234567', '526587763', '52658776350', '']) {
      expect(isNip(wrong)).toBe(false);
    }
  });

  it('a check digit of ten never passes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000, max: 999_999_999 }), (body) => {
        const fitting = [...'0123456789'].filter((digit) => hasNipChecksum(`${body}${digit}`));
        expect(fitting.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('KSeF number', () => {
  it('has the CRC-8 of its first 32 characters at its end', () => {
    expect(crc8('123456789')).toBe(0xf4);
    const body = '5265877635-20250826-0100001AF629';
    const number = `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
    expect(number).toHaveLength(35);
    expect(isKsefNumber(number)).toBe(true);
  });

  it('one changed character is always noticed', () => {
    const body = '5265877635-20250826-0100001AF629';
    const number = `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
    fc.assert(
      fc.property(fc.nat({ max: 31 }), fc.constantFrom(...'0123456789ABCDEF'), (index, character) => {
        fc.pre(number[index] !== character && number[index] !== '-');
        expect(isKsefNumber(number.slice(0, index) + character + number.slice(index + 1))).toBe(false);
      }),
    );
  });
});

describe('days in Warsaw', () => {
  it('turn at midnight there, in winter and in summer', () => {
    expect(warsawDay(new Date('2026-12-31T22:59:59Z'))).toBe('2026-12-31');
    expect(warsawDay(new Date('2026-12-31T23:00:00Z'))).toBe('2027-01-01');
    expect(warsawDay(new Date('2026-07-01T21:59:59Z'))).toBe('2026-07-01');
    expect(warsawDay(new Date('2026-07-01T22:00:00Z'))).toBe('2026-07-02');
  });

  it('a day begins at its first instant, around the changes of clocks too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3650 }), (offset) => {
        const day = addDays('2024-01-01', offset);
        const start = startOfWarsawDay(day);
        expect(warsawDay(start)).toBe(day);
        expect(warsawDay(new Date(start.getTime() - 1))).toBe(addDays(day, -1));
      }),
    );
  });
});

describe('verification link', () => {
  it('is the host, the issuer, the day as DD-MM-YYYY and the hash in base64url', () => {
    const sha256 = Buffer.alloc(32, 0xfb).toString('base64');
    const url = verificationUrl('https://qr.example', {
      issuerNip: '5265877635',
      issueDate: '2026-02-03',
      sha256,
    });
    expect(url).toBe(
      `https://qr.example/invoice/5265877635/03-02-2026/${Buffer.alloc(32, 0xfb).toString('base64url')}`,
    );
    expect(url).not.toMatch(/[+=]/);
  });
});

describe('verdicts of KSeF', () => {
  it('logins', () => {
    expect([100, 200, 480].map(judgeLogin)).toEqual(['working', 'success', 'blocked']);
    expect([415, 425, 450, 460, 470].map(judgeLogin)).toEqual(Array(5).fill('refused'));
    expect([500, 550, 999].map(judgeLogin)).toEqual(Array(3).fill('again'));
  });

  it('sessions: 445 is judged, not failed', () => {
    expect([100, 150, 170, 200, 445].map(judgeSession)).toEqual([
      'open',
      'working',
      'working',
      'judged',
      'judged',
    ]);
    expect([405, 415, 420, 430, 435, 440, 500].map(judgeSession)).toEqual(Array(7).fill('failed'));
    expect([101, 160, 199].map(judgeSession)).toEqual(Array(3).fill('working'));
  });

  it('invoices', () => {
    expect([100, 150].map((code) => judgeInvoice(code).kind)).toEqual(['working', 'working']);
    expect([200, 430, 450, 440, 405, 435, 500, 550].map((code) => judgeInvoice(code).kind)).toEqual([
      'cleared',
      'rejected',
      'rejected',
      'duplicate',
      'again',
      'again',
      'again',
      'again',
    ]);
    expect([101, 160, 199].map((code) => judgeInvoice(code).kind)).toEqual(Array(3).fill('working'));
    expect(judgeInvoice(410)).toEqual({ kind: 'held', cause: 'permission_missing' });
    expect(judgeInvoice(415)).toEqual({ kind: 'held', cause: 'attachment_consent' });
  });

  it('faults', () => {
    const fault = { operation: 'x', description: '', details: [], retryAfterMs: null, mayHaveWorked: false };
    const judged = (status: number | null, code: number | null = null, mayHaveWorked = false) =>
      judgeFault({ ...fault, status, code, mayHaveWorked });
    expect(judged(429)).toBe('wait');
    expect(judged(400, 21470)).toBe('refetch-key');
    expect(judged(400, 21173)).toBe('ask-session');
    expect(judged(400, 21184)).toBe('new-session');
    expect(judged(401)).toBe('relogin');
    expect(judged(403)).toBe('hold-permission');
    expect(judged(502)).toBe('retry');
    expect(judged(502, null, true)).toBe('ask-session');
    expect(judged(null, null, true)).toBe('ask-session');
    expect(judged(307)).toBe('retry');
    expect(judged(400, 21405)).toBe('stop');
    expect(judged(413)).toBe('stop');
  });
});
