import { DEADLINE_RULES, type DeadlineRule, INVOICE_STATES } from '@wsad/domain';
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
  buyerName: z.string().nullable(),
  buyerNip: z.string().nullable(),
  grossAmount: z.string().nullable().describe('P_15, as the invoice writes it'),
  currency: z.string().nullable(),
  form: z.string(),
  mode: z.enum(['online', 'offline']),
  sha256,
  sizeBytes: z.int(),
  state: z.enum(INVOICE_STATES),
  acceptedAt: instant,
  settledAt: instant.nullable(),
  ksefNumber: z.string().nullable(),
  correctionOf: z
    .string()
    .nullable()
    .describe('a technical correction: SHA-256 (base64) of the offline invoice that it replaces'),
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

const deadlineRules = Object.keys(DEADLINE_RULES) as [DeadlineRule, ...DeadlineRule[]];

export const invoiceDates = z.object({
  invoicingDate: instant
    .nullable()
    .describe("what KSeF takes for its date of receipt, by KSeF's clock; null while it is not there"),
  markedOffline: z
    .boolean()
    .nullable()
    .describe(
      'KSeF marks it Offline by itself, as its issue day is over when it comes; null while that may go either way',
    ),
  deadline: z
    .object({
      at: instant.nullable().describe('the first moment that is too late; null while the outage lasts'),
      rule: z.enum(deadlineRules),
      passed: z.boolean(),
    })
    .nullable()
    .describe('until when it must be in KSeF; null for a withdrawn one'),
});

export const invoiceSummary = z.object(invoiceFields).meta({ id: 'InvoiceSummary' });
export const invoice = z
  .object({
    ...invoiceFields,
    certificateVerificationUrl: z
      .string()
      .nullable()
      .describe('KOD II, for the second QR code of an offline invoice; signed anew in every answer'),
    warnings: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .describe('what is worth knowing although nothing is wrong'),
    ...invoiceDates.shape,
    timeline: z.array(timelineEvent.extend({ sessionId: z.string().nullable() })),
  })
  .meta({ id: 'Invoice' });

export const invoicesQuery = pageQuery.extend({
  nip: z.string().optional(),
  state: z.enum(INVOICE_STATES).optional(),
  invoiceNumber: withoutNul(z.string().max(256)).optional(),
  ksefNumber: withoutNul(z.string().max(100)).optional(),
  buyer: withoutNul(z.string().trim().min(1).max(256))
    .optional()
    .describe("the beginning of the buyer's name, or of its NIP where it is digits alone"),
  from: z.iso.date().optional().describe('the first issue day'),
  to: z.iso.date().optional().describe('the last issue day'),
  submissionId: z.string().optional().describe('of the call that brought them'),
});
export const invoicePage = pageOf(invoiceSummary);

export const confirmation = z
  .object({
    confirmedAt: instant,
    matches: z.boolean().describe('KSeF has the very bytes that were handed in'),
    ksefNumber: z.string(),
    sha256: sha256.describe('of the invoice as it was handed in'),
    ksefSha256: sha256.describe('of the bytes that KSeF gave'),
  })
  .meta({ id: 'Confirmation' });

export const resolution = z
  .union([
    z
      .object({ ksefNumber: z.string().describe('the number under which KSeF has these very bytes') })
      .strict(),
    z.object({ rejected: z.literal(true).describe('KSeF has another invoice of this number') }).strict(),
  ])
  .meta({ id: 'Resolution' });
