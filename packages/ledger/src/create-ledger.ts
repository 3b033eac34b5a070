import { randomBytes as systemRandomBytes } from 'node:crypto';
import { NOBODY_FIRST } from '@wsad/domain';
import { Pool } from 'pg';
import { accept } from './accept.ts';
import { resolveHeld, retryHeld, withdrawHeld } from './actions.ts';
import { answering } from './answering.ts';
import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from './api-keys.ts';
import {
  attachmentStanding,
  deferConsent,
  holdAttachments,
  lanesAwaitingConsent,
  recordConsent,
  releaseAttachments,
} from './attachment-consents.ts';
import {
  askLogin,
  authSessions,
  authSessionWork,
  revokeAuthSession,
  saveAuthSessions,
  saveRevocation,
} from './auth-sessions.ts';
import { claimLane } from './claim.ts';
import { clockPutBack } from './clock-put-back.ts';
import { confirmationSource, saveConfirmation } from './confirmations.ts';
import { connection, forgetKsefClock, recordConnection, recordKsefClock } from './connection.ts';
import { bindSharedCredentials, credentialById, credentialOf, putCredentials } from './credentials.ts';
import { holdDamaged } from './damaged.ts';
import { type Db, ignore } from './db.ts';
import { warnOfDeadlines } from './deadlines.ts';
import { bindEnvironment, verifyVaultKey } from './environment.ts';
import { certificatesRunningOut } from './expiry.ts';
import { followedSession, hashOfKsefNumber, postponePoll, recordPoll } from './following.ts';
import { probeIsDue } from './gates.ts';
import { abandonSession, failSession, failUnclosed } from './giving-up.ts';
import { holdSeller } from './hold.ts';
import { abortIdempotent, beginIdempotent, finishIdempotent, renewIdempotent } from './idempotency.ts';
import { newId, type RandomBytes } from './ids.ts';
import { renewPlans } from './kept-plans.ts';
import { recordLatarnia, recordLatarniaFailure } from './latarnia.ts';
import { acquireSession, handOver, releaseEveryLease, releaseLease, renewLease } from './lease.ts';
import {
  authentication,
  beginLogin,
  dropAccessToken,
  failLogin,
  finishLogin,
  releaseLogin,
  renewLogin,
} from './login.ts';
import { migrate } from './migrate.ts';
import {
  deleteOfflineCertificate,
  offlineCertificate,
  putOfflineCertificate,
} from './offline-certificates.ts';
import { onPages } from './on-pages.ts';
import { decideOutage } from './outages.ts';
import { pacer } from './pacing.ts';
import { isPaused, pauseAll, pauseSeller, resumeAll, resumeSeller } from './pause.ts';
import { members, payloads } from './payloads.ts';
import { diagnosis } from './queries/diagnosis.ts';
import { rateLimits, rateLimitsReadAt, saveRateLimits } from './rate-limits.ts';
import { receiptSource, refuseInvoiceReceipt, saveInvoiceReceipt } from './receipts.ts';
import { recovering } from './recovering.ts';
import { lanesDue, sessionsToFollow, sessionsToSend, tidy } from './rescue.ts';
import {
  recordClosed,
  recordClosing,
  recordInvoiceIntent,
  recordInvoiceRefused,
  recordInvoiceSent,
  recordOpened,
  recordPartUploaded,
} from './sending.ts';
import { settleSession } from './settle.ts';
import { recordShutOut } from './shut-out.ts';
import { dropStaged, stage } from './staging.ts';
import { recordSystemWarning } from './system-warnings.ts';
import { telling } from './telling.ts';
import { putOffTurn, takeTurn } from './turns.ts';
import { createVault } from './vault.ts';

export interface LedgerOptions {
  /** Either a pool, which stays the caller's to end, or the address of a database. */
  readonly pool?: Pool;
  readonly databaseUrl?: string;
  /** Connections at most, where the ledger makes its own pool. */
  readonly connectionsMax?: number;
  /** No answer for so long and the connection is given up, where the ledger makes its own pool. */
  readonly silenceMsMax?: number;
  /** 32 bytes: seals every secret at rest. */
  readonly vaultKey: Buffer;
  /** Earlier vault keys, so that what was sealed with them can still be read. */
  readonly earlierVaultKeys?: readonly Buffer[];
  readonly randomBytes?: RandomBytes;
  /** The name of the address that KSeF sees us from; its limits count per address. */
  readonly egress?: string;
  /** Waited for between two pieces of work on very many rows. */
  readonly giveWay?: () => Promise<void>;
}

const CONNECTIONS_MAX = 10;
/** Waiting longer for a connection helps nobody: the caller is told, and tries again. */
const CONNECTION_WAIT_MS = 30_000;
/**
 * A line may swallow what is sent without ever breaking: the system would notice after a quarter of an hour. Far longer
 * than any statement takes, but those that change the schema.
 */
const SILENCE_MS_MAX = 60_000;

/** PostgreSQL as the truth: every record of wsad and every step it can take. */
export function createLedger(options: LedgerOptions) {
  const { randomBytes = systemRandomBytes } = options;
  const pool = options.pool ?? ownPool(options);
  // A connection that breaks is replaced, and fails its query where it has one; without a listener Node would end the
  // process. Each gets its own from the start: the server's last word may come with the answer that ends connecting.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  renewPlans(pool);
  const vault = createVault(options.vaultKey, options.earlierVaultKeys ?? [], randomBytes);
  const { egress = 'default', giveWay = NOBODY_FIRST.giveWay } = options;
  const db: Db = { pool, vault, randomBytes, egress, giveWay };
  return {
    ...housekeeping(db, options.pool === undefined),
    ...accepting(db),
    ...sending(db),
    ...following(db),
    ...loggingIn(db),
    ...rescuing(db),
    ...watching(db),
    ...recovering(db),
    ...acting(db),
    ...answering(db),
    ...onPages(db),
    ...telling(db),
  };
}
export type PostgresLedger = ReturnType<typeof createLedger>;

function ownPool(options: LedgerOptions): Pool {
  if (options.databaseUrl === undefined) throw new Error('createLedger needs a pool or a databaseUrl');
  return new Pool({
    connectionString: options.databaseUrl,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    // What need not wait for each other's answers is sent in one breath; PostgreSQL works it off in order.
    pipeline: true,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    query_timeout: options.silenceMsMax ?? SILENCE_MS_MAX,
  });
}

function housekeeping(db: Db, ownsPool: boolean) {
  return {
    pool: db.pool,
    migrate: () => migrate(db.pool),
    bindEnvironment: bindEnvironment.bind(null, db),
    verifyVaultKey: () => verifyVaultKey(db),
    /** Throws where the database does not answer. */
    ping: async (): Promise<void> => {
      await db.pool.query('SELECT 1');
    },
    diagnosis: () => diagnosis(db),
    newId: (now: Date): string => newId(now, db.randomBytes),
    pacer: pacer.bind(null, db),
    recordConnection: recordConnection.bind(null, db),
    recordKsefClock: recordKsefClock.bind(null, db),
    forgetKsefClock: () => forgetKsefClock(db),
    recordSystemWarning: recordSystemWarning.bind(null, db),
    connection: connection.bind(null, db),
    close: async (): Promise<void> => {
      if (ownsPool) await db.pool.end();
    },
  };
}

function accepting(db: Db) {
  return {
    accept: accept.bind(null, db),
    stage: stage.bind(null, db),
    dropStaged: dropStaged.bind(null, db),
    beginIdempotent: beginIdempotent.bind(null, db),
    renewIdempotent: renewIdempotent.bind(null, db),
    finishIdempotent: finishIdempotent.bind(null, db),
    abortIdempotent: abortIdempotent.bind(null, db),
    claimLane: claimLane.bind(null, db),
    holdSeller: holdSeller.bind(null, db),
    attachmentStanding: attachmentStanding.bind(null, db),
    recordConsent: recordConsent.bind(null, db),
    deferConsent: deferConsent.bind(null, db),
    holdAttachments: holdAttachments.bind(null, db),
    releaseAttachments: releaseAttachments.bind(null, db),
  };
}

function sending(db: Db) {
  return {
    acquireSession: acquireSession.bind(null, db),
    renewLease: renewLease.bind(null, db),
    releaseLease: releaseLease.bind(null, db),
    handOver: handOver.bind(null, db),
    releaseEveryLease: releaseEveryLease.bind(null, db),
    members: members.bind(null, db),
    payloads: payloads.bind(null, db),
    recordOpened: recordOpened.bind(null, db),
    recordPartUploaded: recordPartUploaded.bind(null, db),
    recordInvoiceIntent: recordInvoiceIntent.bind(null, db),
    recordInvoiceSent: recordInvoiceSent.bind(null, db),
    recordInvoiceRefused: recordInvoiceRefused.bind(null, db),
    holdDamaged: holdDamaged.bind(null, db),
    recordClosing: recordClosing.bind(null, db),
    recordClosed: recordClosed.bind(null, db),
    abandonSession: abandonSession.bind(null, db),
    failUnclosed: failUnclosed.bind(null, db),
  };
}

function following(db: Db) {
  return {
    followedSession: followedSession.bind(null, db),
    recordPoll: recordPoll.bind(null, db),
    postponePoll: postponePoll.bind(null, db),
    recordShutOut: recordShutOut.bind(null, db),
    settleSession: settleSession.bind(null, db),
    failSession: failSession.bind(null, db),
    hashOfKsefNumber: hashOfKsefNumber.bind(null, db),
    receiptSource: receiptSource.bind(null, db),
    saveInvoiceReceipt: saveInvoiceReceipt.bind(null, db),
    refuseInvoiceReceipt: refuseInvoiceReceipt.bind(null, db),
    authSessions: authSessions.bind(null, db),
    revokeAuthSession: revokeAuthSession.bind(null, db),
    authSessionWork: authSessionWork.bind(null, db),
    saveAuthSessions: saveAuthSessions.bind(null, db),
    saveRevocation: saveRevocation.bind(null, db),
    askLogin: askLogin.bind(null, db),
    confirmationSource: confirmationSource.bind(null, db),
    saveConfirmation: saveConfirmation.bind(null, db),
  };
}

function loggingIn(db: Db) {
  return {
    putCredentials: putCredentials.bind(null, db),
    bindSharedCredentials: bindSharedCredentials.bind(null, db),
    putOfflineCertificate: putOfflineCertificate.bind(null, db),
    deleteOfflineCertificate: deleteOfflineCertificate.bind(null, db),
    offlineCertificate: offlineCertificate.bind(null, db),
    credentialOf: credentialOf.bind(null, db),
    credentialById: credentialById.bind(null, db),
    authentication: authentication.bind(null, db),
    beginLogin: beginLogin.bind(null, db),
    releaseLogin: releaseLogin.bind(null, db),
    renewLogin: renewLogin.bind(null, db),
    finishLogin: finishLogin.bind(null, db),
    failLogin: failLogin.bind(null, db),
    dropAccessToken: dropAccessToken.bind(null, db),
    saveRateLimits: saveRateLimits.bind(null, db),
    rateLimits: rateLimits.bind(null, db),
    rateLimitsReadAt: rateLimitsReadAt.bind(null, db),
  };
}

function rescuing(db: Db) {
  return {
    lanesDue: lanesDue.bind(null, db),
    lanesAwaitingConsent: lanesAwaitingConsent.bind(null, db),
    sessionsToSend: sessionsToSend.bind(null, db),
    sessionsToFollow: sessionsToFollow.bind(null, db),
    certificatesRunningOut: certificatesRunningOut.bind(null, db),
    tidy: tidy.bind(null, db),
    clockPutBack: clockPutBack.bind(null, db),
  };
}

function watching(db: Db) {
  return {
    takeTurn: takeTurn.bind(null, db),
    putOffTurn: putOffTurn.bind(null, db),
    probeIsDue: probeIsDue.bind(null, db),
    warnOfDeadlines: warnOfDeadlines.bind(null, db),
    recordLatarnia: recordLatarnia.bind(null, db),
    recordLatarniaFailure: recordLatarniaFailure.bind(null, db),
  };
}

function acting(db: Db) {
  return {
    retryHeld: retryHeld.bind(null, db),
    withdrawHeld: withdrawHeld.bind(null, db),
    resolveHeld: resolveHeld.bind(null, db),
    pauseSeller: pauseSeller.bind(null, db),
    resumeSeller: resumeSeller.bind(null, db),
    pauseAll: pauseAll.bind(null, db),
    resumeAll: resumeAll.bind(null, db),
    isPaused: () => isPaused(db),
    decideOutage: decideOutage.bind(null, db),
    createApiKey: createApiKey.bind(null, db),
    listApiKeys: () => listApiKeys(db),
    findApiKey: findApiKey.bind(null, db),
    deleteApiKey: deleteApiKey.bind(null, db),
  };
}
