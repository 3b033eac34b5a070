import { INVOICE_STATES } from '@wsad/domain';
import { z } from 'zod';
import { instant, pageOf, pageQuery, sha256, timelineEvent, withoutNul } from './common.ts';

const invoiceFields = {
  id: z.string(),
  submissionId: z.string(),
  externalId: z.string().nullable(),
  fileName: z.string().nullable(),
  nip: z.string().describe('the seller it was handed in for'),
  issuerNip: z.string().describe('Podmiot1'),
  invoiceNumber: z.string().describe('P_2'),
  invoiceKind: z.string().describe('RodzajFaktury'),
  issueDate: z.iso.date().describe('P_1'),
  form: z.string(),
  mode: z.enum(['online', 'offline']),
  sha256,
  sizeBytes: z.int(),
  state: z.enum(INVOICE_STATES),
  acceptedAt: instant,
  settledAt: instant.nullable(),
  ksefNumber: z.string().nullable(),
  invoicingMode: z.string().nullable().describe("KSeF's own word: Online or Offline"),
  acquiredAt: instant.nullable().describe('when KSeF gave the number'),
  sessionId: z.string().nullable(),
  sessionReference: z.string().nullable(),
  verificationUrl: z.string().nullable().describe('KOD I, for the QR code'),
  upoAvailable: z.boolean(),
  error: z
    .object({
      code: z.union([z.int(), z.string()]).describe("KSeF's code, or the cause of a hold"),
      description: z.string(),
      details: z.array(z.string()),
    })
    .nullable(),
  held: z
    .object({ cause: z.string(), advice: z.string(), detail: z.string().nullable() })
    .nullable()
    .describe('why it waits for a person, and what to do'),
};

export const invoiceSummary = z.object(invoiceFields).meta({ id: 'InvoiceSummary' });
export const invoice = z
  .object({
    ...invoiceFields,
    certificateVerificationUrl: z
      .string()
      .nullable()
      .describe('KOD II, for the second QR code of an offline invoice; signed anew in every answer'),
    timeline: z.array(timelineEvent.extend({ sessionId: z.string().nullable() })),
  })
  .meta({ id: 'Invoice' });

export const invoicesQuery = pageQuery.extend({
  nip: z.string().optional(),
  state: z.enum(INVOICE_STATES).optional(),
  invoiceNumber: withoutNul(z.string().max(256)).optional(),
  ksefNumber: withoutNul(z.string().max(100)).optional(),
});
export const invoicePage = pageOf(invoiceSummary);

export const resolution = z
  .union([
    z
      .object({ ksefNumber: z.string().describe('the number under which KSeF has these very bytes') })
      .strict(),
    z.object({ rejected: z.literal(true).describe('KSeF has another invoice of this number') }).strict(),
  ])
  .meta({ id: 'Resolution' });
