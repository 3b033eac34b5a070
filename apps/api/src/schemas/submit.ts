import { z } from 'zod';
import { correctionOf, jsonInvoiceSchema } from '../intake/json.ts';
import { flag, problemSchema, sha256 } from './common.ts';

export const submitQuery = z.object({
  offline: flag.describe('true: sent in offline mode'),
  urgent: flag.describe('true: sent at once, without waiting a moment for neighbours'),
  onBehalf: flag.describe(
    'true: who issues the invoices (Podmiot1, in FA_RR Podmiot2) may be another NIP than the one of the path',
  ),
  correctionOf: correctionOf.optional(),
});

export const submitHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .describe('1 to 255 visible ASCII characters: the same key and invoices again get the first answer'),
});

export const entryError = z.object({
  code: z.string(),
  message: z.string(),
  line: z.int().nullable(),
  earlier: z
    .object({ id: z.string(), state: z.string(), ksefNumber: z.string().nullable() })
    .optional()
    .describe('the invoice that has this number already'),
});

export const submittedInvoice = z
  .object({
    id: z.string().nullable().describe('null where refused'),
    externalId: z.string().nullable(),
    fileName: z.string().nullable(),
    invoiceNumber: z.string().nullable().describe('P_2'),
    sha256,
    state: z.string().describe('"refused", or the state of the invoice'),
    errors: z.array(entryError),
  })
  .meta({ id: 'SubmittedInvoice' });

export const submitted = z
  .object({
    submissionId: z.string(),
    accepted: z.int(),
    refused: z.int(),
    invoices: z.array(submittedInvoice).describe('in the order given'),
  })
  .meta({ id: 'Submitted' });

export const allRefused = problemSchema
  .extend({
    submissionId: z.string().nullable().optional(),
    accepted: z.int().optional(),
    refused: z.int().optional(),
    invoices: z.array(submittedInvoice).optional(),
  })
  .meta({ id: 'AllRefused' });

/** For the description alone: bodies are read as streams, not by these. */
export const submitBodies = {
  'application/xml': z.string().describe('one invoice'),
  'text/xml': z.string().describe('one invoice'),
  'application/json': z.object({ invoices: z.array(jsonInvoiceSchema).min(1).max(20_000) }),
  'application/zip': z.string().meta({ format: 'binary' }).describe('a flat ZIP of XML files'),
  'multipart/form-data': z
    .object({ file: z.array(z.string().meta({ format: 'binary' })) })
    .describe('files under any field name: invoices, or flat ZIPs of them'),
};
