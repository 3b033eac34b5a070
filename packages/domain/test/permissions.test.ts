import { describe, expect, it } from 'vitest';
import { recommendedMissing, sendingForbidden } from '../src/index.ts';

describe('permissions', () => {
  it.each([
    ['nothing claimed', null, null, []],
    ['none at all', [], expect.stringContaining('no permission'), ['InvoiceRead', 'Introspection']],
    ['the owner', ['Owner'], null, []],
    ['sending alone', ['InvoiceWrite'], null, ['InvoiceRead', 'Introspection']],
    ['all of use', ['InvoiceWrite', 'InvoiceRead', 'Introspection'], null, []],
    ['reading alone', ['InvoiceRead'], expect.stringContaining('InvoiceRead'), ['Introspection']],
  ])('%s', (_, permissions, forbidden, missing) => {
    expect(sendingForbidden(permissions)).toEqual(forbidden);
    expect(recommendedMissing(permissions)).toEqual(missing);
  });
});
