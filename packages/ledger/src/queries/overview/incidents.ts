/** What is out of order and whose it is, apart from KSeF itself. */
import { expiresSoonBefore, WEBHOOK_FAILING_MS_TOLD } from '@wsad/domain';
import type { Db } from '../../db.ts';
import { SELLERS_WITH_LOGIN } from '../../sellers.ts';
import { HELD } from '../../stages.ts';
import { WEBHOOK_VISIBLE } from '../../webhooks.ts';

export interface LedgerIncident {
  readonly kind:
    | 'loginRefused'
    | 'loginBlocked'
    | 'certificateRunsOut'
    | 'reconciling'
    | 'payloadDamaged'
    | 'allPaused'
    | 'sellerPaused'
    | 'webhookFailing'
    | 'webhookDisabled';
  /** Null where it is about all sellers, about shared credentials or about a webhook. */
  readonly nip: string | null;
  readonly since: Date;
  /**
   * KSeF's or our own words on it, the name of shared credentials, the address of a webhook, how many invoices; null where
   * there are none.
   */
  readonly detail: string | null;
  /** When the certificate ends. */
  readonly endsAt: Date | null;
}

const EACH_TOLD_MAX = 50;

/** The oldest of each kind. */
export async function ledgerIncidents(
  db: Db,
  nips: readonly string[] | null,
  now: Date,
): Promise<LedgerIncident[]> {
  const soon = expiresSoonBefore(now);
  const { rows } = await db.pool.query<LedgerIncident>(
    Object.values(PARTS)
      .map((part) => `(${part} ORDER BY since LIMIT $2)`)
      .join(' UNION ALL '),
    [
      ...[nips, EACH_TOLD_MAX, soon, soon.getTime() - now.getTime()],
      new Date(now.getTime() - WEBHOOK_FAILING_MS_TOLD),
    ],
  );
  return rows;
}

const OF_SELLERS = '($1::text[] IS NULL OR sellers.nip = ANY ($1))';
const SOON_SINCE = `valid_to - $4::float8 * interval '1 millisecond'`;

const PARTS = {
  allPaused: `SELECT 'allPaused' AS kind, NULL AS nip, paused_at AS since, NULL AS detail, NULL::timestamptz AS "endsAt"
    FROM settings WHERE paused_at IS NOT NULL`,
  sellersPaused: `SELECT 'sellerPaused', nip, paused_at AS since, NULL, NULL::timestamptz
    FROM sellers WHERE paused_at IS NOT NULL AND ${OF_SELLERS}`,
  logins: `SELECT CASE authentications.state WHEN 'refused' THEN 'loginRefused' ELSE 'loginBlocked' END, sellers.nip,
      authentications.updated_at AS since, authentications.last_error, NULL::timestamptz
    ${SELLERS_WITH_LOGIN} WHERE authentications.state IN ('refused', 'blocked') AND ${OF_SELLERS}`,
  reconciling: `SELECT 'reconciling', sellers.nip, asked_at AS since, last_error, NULL::timestamptz
    FROM reconciliations JOIN sellers USING (nip) WHERE done_at IS NULL AND ${OF_SELLERS}`,
  payloads: `SELECT 'payloadDamaged', nip, min(held_at) AS since, count(*)::text, NULL::timestamptz
    FROM invoices WHERE ${HELD} AND hold_cause = 'payload_damaged' AND ($1::text[] IS NULL OR nip = ANY ($1)) GROUP BY nip`,
  sharedCertificates: `SELECT 'certificateRunsOut', NULL, ${SOON_SINCE} AS since, shared_name, valid_to
    FROM credentials WHERE shared_name IS NOT NULL AND retired_at IS NULL AND valid_to < $3 AND (
      $1::text[] IS NULL OR EXISTS (SELECT FROM sellers WHERE sellers.shared_name = credentials.shared_name AND ${OF_SELLERS}))`,
  ownCertificates: `SELECT 'certificateRunsOut', sellers.nip, ${SOON_SINCE} AS since, NULL, valid_to
    FROM credentials JOIN sellers USING (nip) WHERE retired_at IS NULL AND valid_to < $3 AND ${OF_SELLERS}`,
  offlineCertificates: `SELECT 'certificateRunsOut', sellers.nip, ${SOON_SINCE} AS since, NULL, valid_to
    FROM offline_certificates JOIN sellers USING (nip) WHERE valid_to < $3 AND ${OF_SELLERS}`,
  webhooks: `SELECT CASE WHEN disabled_at IS NULL THEN 'webhookFailing' ELSE 'webhookDisabled' END, NULL,
      coalesce(disabled_at, failing_since) AS since, url, NULL::timestamptz
    FROM webhooks WHERE ${WEBHOOK_VISIBLE} AND (disabled_why <> 'person' OR (disabled_at IS NULL AND failing_since <= $5))`,
};
