export { NUMBER_TAKEN } from './accept-record.ts';
export type {
  BulkAction,
  PersonAction,
  ResolveResult,
  RetryResult,
  WithdrawResult,
} from './actions.ts';
export { type ApiKey, type ApiKeyRole, hashApiKey } from './api-keys.ts';
export type { AttachmentStanding } from './attachment-consents.ts';
export type { AuthSessionsAnswer, AuthSessionWork, RevocationAnswer } from './auth-sessions.ts';
export type { ClaimedSession, LaneClaim } from './claim.ts';
export type { ConfirmationAnswer, ConfirmationSource } from './confirmations.ts';
export type { Connection } from './connection.ts';
export { createLedger, type LedgerOptions, type PostgresLedger } from './create-ledger.ts';
export type { CredentialOwner, NewLoginSecret, PutCredentials } from './credentials.ts';
export type { DeadlineWarning } from './deadlines.ts';
export {
  MigrationChanged,
  NothingRestored,
  RestoreUnfinished,
  StageLost,
  TransitionRefused,
  WrongEnvironment,
} from './errors.ts';
export { EVENT_TYPES, type EventKind, type EventType } from './event-types.ts';
export type { ActionRefusal, HeldChoice, HeldFound } from './held-invoices.ts';
export type { IdempotentBegin, IdempotentCall } from './idempotency.ts';
export { isUuid, newId, newIds } from './ids.ts';
export type { Latarnia } from './latarnia.ts';
export { migrate, migrationNames } from './migrate.ts';
export type { OutageDecision } from './outages.ts';
export type { PacerOptions } from './pacing.ts';
export type { PageHolder, PageLimits, PageSession } from './page-sessions.ts';
export type { StoredPayload } from './payloads.ts';
export { SCHEMAS_NOT_IN_BACKUPS, type Target } from './putting-back.ts';
export type { LedgerCondition } from './queries/condition.ts';
export type { Diagnosis } from './queries/diagnosis.ts';
export type { StoredDocument, UpoAnswer } from './queries/documents.ts';
export type { HeldGroup } from './queries/held-groups.ts';
export type { TimelineEntry } from './queries/invoice.ts';
export type { InvoiceRecord } from './queries/invoice-columns.ts';
export type { InvoiceFilter, Page } from './queries/invoices-page.ts';
export type { LimitUse } from './queries/limit-use.ts';
export type { LedgerMetrics } from './queries/metrics.ts';
export type { LedgerIncident } from './queries/overview/incidents.ts';
export type { Overview } from './queries/overview/overview.ts';
export type { ReportRow } from './queries/report.ts';
export type { SellerStatus } from './queries/seller-status.ts';
export type { SellerRecord } from './queries/sellers-page.ts';
export type { SessionDetail, SessionRecord } from './queries/sessions.ts';
export type { SubmissionRecord, SubmissionSession } from './queries/submission.ts';
export type { SubmissionSummary } from './queries/submissions-page.ts';
export type { VisibleSellers } from './queries/visible.ts';
export type { LimitsInForce } from './rate-limits.ts';
export type { ReceiptSource } from './receipts.ts';
export type { Released } from './release.ts';
export type { SettledCounts } from './settle.ts';
export { VaultError } from './vault.ts';
export type { DeliveryAsked, DeliverySummary } from './webhook-history.ts';
export type { NewWebhook, WebhookAction, WebhookChange, WebhookRecord } from './webhooks.ts';
