import { z } from 'zod';
import { badRequest } from '../http/errors.ts';
import type { KsefEnvironment } from '../options.ts';
import { type FormCode, formFor } from '../processing/forms.ts';
import type { Encryption } from './model.ts';

export const sha256Schema = z.base64().length(44);

const formSchema = z.object({ systemCode: z.string(), schemaVersion: z.string(), value: z.string() });

export const encryptionSchema = z.object({
  encryptedSymmetricKey: z.base64(),
  initializationVector: z.base64(),
  publicKeyId: z.string().length(44).nullish(),
});

const partSchema = z.object({
  ordinalNumber: z.int().min(1),
  fileSize: z.int().min(1),
  fileHash: sha256Schema,
});

export const openBatchSchema = z.object({
  formCode: formSchema,
  batchFile: z.object({
    fileSize: z.int().min(1).max(5_000_000_000),
    fileHash: sha256Schema,
    compressionType: z.enum(['Zip', 'TarGz']).nullish(),
    fileParts: z.array(partSchema).min(1),
  }),
  encryption: encryptionSchema,
  offlineMode: z.boolean().default(false),
});

export const openOnlineSchema = z.object({ formCode: formSchema, encryption: encryptionSchema });

export const sendInvoiceSchema = z.object({
  invoiceHash: sha256Schema,
  invoiceSize: z.int().min(1),
  encryptedInvoiceHash: sha256Schema,
  encryptedInvoiceSize: z.int().min(1),
  encryptedInvoiceContent: z.base64(),
  offlineMode: z.boolean().default(false),
  hashOfCorrectedInvoice: sha256Schema.nullish(),
});

export type OpenBatchRequest = z.infer<typeof openBatchSchema>;
export type SendInvoiceRequest = z.infer<typeof sendInvoiceSchema>;

export function requireForm(named: z.infer<typeof formSchema>, environment: KsefEnvironment): FormCode {
  const form = formFor(named, environment);
  if (form === null) throw badRequest(21405, 'Wskazany kod formularza nie jest wspierany.');
  return form;
}

export function encryptionOf(given: z.infer<typeof encryptionSchema>): Encryption {
  return {
    encryptedSymmetricKey: Buffer.from(given.encryptedSymmetricKey, 'base64'),
    initializationVector: Buffer.from(given.initializationVector, 'base64'),
    publicKeyId: given.publicKeyId ?? null,
  };
}
