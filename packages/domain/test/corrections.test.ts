import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { correctionReference, isInvoiceId, warningsOf } from '../src/index.ts';

it('knows an earlier invoice by its id, or by its hash in either spelling', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uint8Array({ minLength: 1 }), (id, bytes) => {
      const hash = createHash('sha256').update(bytes).digest();
      expect(correctionReference(id)).toBe(id);
      expect(correctionReference(id.toUpperCase())).toBe(id);
      expect(correctionReference(hash.toString('base64'))).toBe(hash.toString('base64'));
      expect(correctionReference(hash.toString('base64url'))).toBe(hash.toString('base64'));
      expect(isInvoiceId(hash.toString('base64'))).toBe(false);
    }),
  );
});

it.each(['', 'FV/1', 'x'.repeat(45), 'a'.repeat(42), `${'a'.repeat(43)} `])('knows none by %j', (text) => {
  expect(correctionReference(text)).toBeNull();
});

it('warns of what was sent as online and came back as offline, and of nothing else', () => {
  expect(warningsOf({ mode: 'online', invoicingMode: 'Offline' })).toEqual(['MARKED_OFFLINE']);
  expect(warningsOf({ mode: 'offline', invoicingMode: 'Offline' })).toEqual([]);
  expect(warningsOf({ mode: 'online', invoicingMode: 'Online' })).toEqual([]);
  expect(warningsOf({ mode: 'online', invoicingMode: null })).toEqual([]);
});
