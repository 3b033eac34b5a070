/** The ledger as a whole, with what the timed rounds ask of it. */
import type { DeadlineThreshold, Lane, LatarniaReading, RunningOut } from '@wsad/domain';
import type { FollowingLedger, LoginLedger } from './following-ledger.ts';
import type { ReconcilingLedger } from './reconciling-ledger.ts';
import type { DispatchLedger, SendingLedger } from './sending-ledger.ts';
import type { WebhookLedger } from './webhooks.ts';

export interface RescueLedger {
  /** Lanes with an invoice due at `now`. */
  lanesDue(now: Date, limit: number): Promise<Lane[]>;
  /** One lane of each seller whose held attachments are to be asked after again. */
  lanesAwaitingConsent(now: Date, limit: number): Promise<Lane[]>;
  /** Sender sessions whose lease ran out, and `closed`/`abandoned` ones whose next poll is overdue. */
  sessionsToSend(now: Date, limit: number): Promise<string[]>;
  sessionsToFollow(now: Date, limit: number): Promise<string[]>;
  /** Certificates in use that end before `until`, each answered once a day over all processes. */
  certificatesRunningOut(now: Date, until: Date): Promise<RunningOut[]>;
  /** Old call slots, expired idempotency keys: bounded work, safe at any time. */
  tidy(now: Date): Promise<void>;
}

/** The rounds that one process makes for all. */
export interface WatchLedger {
  /** True for the one process whose turn it is; nobody else gets it within `everyMs`. */
  takeTurn(name: string, now: Date, everyMs: number): Promise<boolean>;
  putOffTurn(name: string, until: Date): Promise<void>;
  /** KSeF has been away for all, the pause is over, and nobody is finding out whether it is back. */
  probeIsDue(now: Date): Promise<boolean>;
  /** Warnings that nobody has given yet; whoever gets them gives them. */
  warnOfDeadlines(
    now: Date,
  ): Promise<{ nip: string; threshold: DeadlineThreshold; deadlineAt: Date; invoices: number }[]>;
  recordLatarnia(reading: LatarniaReading, at: Date): Promise<void>;
  /** Answers how many readings in a row have failed by now. */
  recordLatarniaFailure(error: string, at: Date): Promise<number>;
}

export type Ledger = DispatchLedger &
  SendingLedger &
  FollowingLedger &
  LoginLedger &
  RescueLedger &
  WatchLedger &
  ReconcilingLedger &
  WebhookLedger;
