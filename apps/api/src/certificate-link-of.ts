/** KOD II of an invoice: only where it is offline, may still be in KSeF, and the seller has a certificate for it. */
import { certificateVerificationUrl } from '@wsad/certificate';
import type { InvoiceRecord } from '@wsad/ledger';
import type { ApiDeps } from './deps.ts';

export async function certificateLinkOf(
  { ledger, rules, clock }: Pick<ApiDeps, 'ledger' | 'rules' | 'clock'>,
  { nip, issuerNip, sha256, state, mode, invoicingMode }: InvoiceRecord,
): Promise<string | null> {
  // KSeF also calls an invoice offline that was sent online after its issue day.
  const offline = mode === 'offline' || invoicingMode === 'Offline';
  if (!offline || state === 'rejected' || state === 'withdrawn') return null;
  const certificate = await ledger.offlineCertificate(nip);
  if (certificate === null || certificate.facts.validTo <= clock()) return null;
  const { privateKeyPem, facts } = certificate;
  const { serialNumber } = facts;
  return certificateVerificationUrl(rules.qrHost, {
    contextNip: nip,
    ...{ issuerNip, sha256, serialNumber, privateKeyPem },
  });
}
