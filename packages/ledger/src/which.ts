import type { Claim } from '@wsad/domain';

/** Which of a lane's waiting invoices a claim speaks of, as conditions on `invoices`. */
export const WHICH: Readonly<Record<Claim['which'], string>> = {
  any: 'corrected_sha256 IS NULL',
  attachments: 'has_attachment AND corrected_sha256 IS NULL',
  plain: 'NOT has_attachment AND corrected_sha256 IS NULL',
  corrections: 'corrected_sha256 IS NOT NULL',
  trial: 'true',
};

/**
 * An attachment goes only while KSeF's word on the seller's consent is good; until then it is as if it were not there.
 * The parameters are the seller and the moment.
 */
export function mayGo(nip: string, now: string): string {
  return `(NOT has_attachment OR EXISTS (
    SELECT FROM attachment_consents AS consent
    WHERE consent.nip = ${nip} AND answer IN ('granted', 'unknown') AND good_until > ${now}
  ))`;
}
