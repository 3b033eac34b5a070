import { z } from 'zod';
import { instant } from './common.ts';

export const SHARED_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const ksefToken = z.object({
  type: z.literal('ksefToken'),
  token: z.string().trim().min(1).max(4000).describe('a KSeF token; never readable again'),
});

const certificate = z
  .object({
    type: z.literal('certificate'),
    certificatePem: z
      .string()
      .min(1)
      .max(100_000)
      .optional()
      .describe('may hold a chain: the certificate that the key belongs to is used'),
    privateKeyPem: z
      .string()
      .min(1)
      .max(100_000)
      .optional()
      .describe('RSA of at least 2048 bits, or EC on P-256; may be encrypted'),
    pkcs12: z
      .base64()
      .min(1)
      .max(500_000)
      .optional()
      .describe('instead of both: a .p12 or .pfx file in base64'),
    passphrase: z.string().max(1000).optional().describe('of the key or the file; it is not kept'),
  })
  .refine(
    ({ certificatePem, privateKeyPem, pkcs12 }) =>
      pkcs12 === undefined
        ? certificatePem !== undefined && privateKeyPem !== undefined
        : certificatePem === undefined && privateKeyPem === undefined,
    'needs either "certificatePem" and "privateKeyPem", or "pkcs12"',
  );
export type CertificateBody = z.output<typeof certificate>;

const shared = z.object({
  type: z.literal('shared'),
  name: z.string().regex(SHARED_NAME).describe('name of credentials put with PUT /v1/credentials/{name}'),
});

export const sellerCredentials = z
  .discriminatedUnion('type', [ksefToken, certificate, shared])
  .meta({ id: 'SellerCredentials' });
export const sharedCredentials = z
  .discriminatedUnion('type', [ksefToken, certificate])
  .meta({ id: 'SharedCredentials' });
export const offlineCertificate = certificate.meta({ id: 'OfflineCertificate' });

export const sharedNameParams = z.object({
  name: z.string().regex(SHARED_NAME).describe('letters, digits, dot, dash, underscore; at most 64'),
});

export const certificateFacts = z
  .object({
    kind: z.enum(['personal', 'seal', 'unknown']).describe("a person's, or a company's"),
    subject: z.string(),
    serialNumber: z.string(),
    validFrom: instant,
    validTo: instant,
    expiresInDays: z.int().describe('whole days left; below 0 when it has expired'),
    expiresSoon: z.boolean().describe('within 30 days'),
  })
  .meta({ id: 'Certificate' });
