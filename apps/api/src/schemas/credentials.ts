import { z } from 'zod';

export const SHARED_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const ksefToken = z.object({
  type: z.literal('ksefToken'),
  token: z.string().trim().min(1).max(4000).describe('a KSeF token; never readable again'),
});
const certificate = z.object({
  type: z.literal('certificate'),
  certificatePem: z.string().min(1).max(100_000),
  privateKeyPem: z.string().min(1).max(100_000),
  passphrase: z.string().max(1000).optional(),
});
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

export const sharedNameParams = z.object({
  name: z.string().regex(SHARED_NAME).describe('letters, digits, dot, dash, underscore; at most 64'),
});
