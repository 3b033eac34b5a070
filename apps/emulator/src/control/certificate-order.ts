import { z } from 'zod';
import { nipSchema } from '../auth/context-schema.ts';
import type { CertificateOrder } from '../keys/authority.ts';

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What `POST /_emulator/certificates` takes. */
export const certificateOrderSchema = z
  .strictObject({
    kind: z.enum(['personal', 'seal']),
    nip: nipSchema.optional(),
    pesel: z
      .string()
      .regex(/^\d{11}$/)
      .optional(),
    key: z.enum(['rsa', 'ec']).default('rsa'),
    validFrom: moment.optional(),
    validTo: moment.optional(),
  })
  .refine(namesOne, 'a seal names a nip; a personal certificate names a nip or a pesel, not both');

function namesOne({ kind, nip, pesel }: CertificateOrder): boolean {
  if (kind === 'seal') return nip !== undefined && pesel === undefined;
  return (nip === undefined) !== (pesel === undefined);
}
