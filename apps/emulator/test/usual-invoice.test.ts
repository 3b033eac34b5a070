/** What the reading threads practise on goes the way of nearly all invoices: read as plain, and valid. */
import { expect, test } from 'vitest';
import { readContent } from '../src/processing/content.ts';
import { usualForm } from '../src/processing/forms.ts';
import { readPlainInvoice } from '../src/processing/plain-invoice.ts';
import { createSchemas } from '../src/processing/schemas.ts';
import { usualInvoice } from '../src/processing/usual-invoice.ts';

test('the usual invoice is plain, and has no fault', () => {
  const facts = readPlainInvoice(usualInvoice(), usualForm);
  expect(facts).toMatchObject({ nip: '7469033213', kind: 'VAT', hasAttachment: false });
  const content = readContent(usualInvoice(), usualForm, createSchemas());
  expect(content).toEqual({ readable: true, facts, schemaFaults: [] });
});
