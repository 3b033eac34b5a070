/** Interactive sessions: opened, given invoices one by one, closed. */
import type { FormCode, Mode } from '@wsad/domain';
import { encryptionOf, formCodeOf } from './batch.ts';
import type { Caller } from './http.ts';
import { type Keyring, withKey } from './keys.ts';
import { openOnlineAnswer, sendInvoiceAnswer } from './schemas.ts';

export interface EncryptedInvoice {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly encrypted: Buffer;
  readonly encryptedSha256: string;
  readonly mode: Mode;
  /** A technical correction: SHA-256 (base64) of the refused invoice that it replaces. */
  readonly correctedSha256?: string | null;
}

export function openOnline(
  { caller, keyring }: { caller: Caller; keyring: Keyring },
  nip: string,
  accessToken: string,
  request: { form: FormCode; key: Buffer; iv: Buffer },
): Promise<{ reference: string; usableUntil: Date }> {
  return withKey(keyring, 'SymmetricKeyEncryption', async (key) => {
    const answer = await caller.json(
      {
        operation: 'openOnline',
        nip,
        method: 'POST',
        path: '/sessions/online',
        bearer: accessToken,
        json: { formCode: formCodeOf(request.form), encryption: encryptionOf(request, key) },
      },
      openOnlineAnswer,
    );
    return { reference: answer.referenceNumber, usableUntil: answer.validUntil };
  });
}

export async function sendInvoice(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
  invoice: EncryptedInvoice,
): Promise<{ reference: string }> {
  const answer = await caller.json(
    {
      operation: 'sendInvoice',
      nip,
      method: 'POST',
      path: `/sessions/online/${encodeURIComponent(reference)}/invoices`,
      bearer: accessToken,
      unrepeatable: true,
      json: {
        invoiceHash: invoice.sha256,
        invoiceSize: invoice.sizeBytes,
        encryptedInvoiceHash: invoice.encryptedSha256,
        encryptedInvoiceSize: invoice.encrypted.length,
        encryptedInvoiceContent: invoice.encrypted.toString('base64'),
        offlineMode: invoice.mode === 'offline',
        ...(typeof invoice.correctedSha256 === 'string'
          ? { hashOfCorrectedInvoice: invoice.correctedSha256 }
          : {}),
      },
    },
    sendInvoiceAnswer,
  );
  return { reference: answer.referenceNumber };
}

export function closeOnline(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
): Promise<void> {
  return caller.done({
    operation: 'closeOnline',
    nip,
    method: 'POST',
    path: `/sessions/online/${encodeURIComponent(reference)}/close`,
    bearer: accessToken,
    unrepeatable: true,
  });
}
