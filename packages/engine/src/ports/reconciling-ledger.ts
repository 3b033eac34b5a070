/** What the ledger does while KSeF is asked what it got that the ledger does not know of. */
import type { Lane, ListedSession, Registration, SessionKind } from '@wsad/domain';

export interface ReconcilingLedger {
  /** Sellers whose turn it is, each to one process for `turnMs`; `tries` counts from where it last got on. */
  takeReconciliations(
    now: Date,
    limit: number,
    turnMs: number,
  ): Promise<{ nip: string; since: Date; until: Date; listed: boolean; tries: number }[]>;
  /** Of what KSeF lists, keeps the sessions that the ledger does not know to their end, to be read one by one. */
  recordListed(
    nip: string,
    credentialId: string,
    sessions: readonly ListedSession[],
    at: Date,
  ): Promise<void>;
  foundSessions(
    nip: string,
    now: Date,
    limit: number,
  ): Promise<{ nip: string; reference: string; kind: SessionKind; credentialId: string; looks: number }[]>;
  /** KSeF is not at its end with the session. */
  recordFoundLook(reference: string, statusCode: number, nextLookAt: Date): Promise<void>;
  /** What the session registered; whatever waits with these bytes is cleared by it. Answers how many were. */
  recordRegistrations(
    found: { nip: string; reference: string },
    statusCode: number,
    registrations: readonly Registration[],
    at: Date,
  ): Promise<number>;
  /** Null once every session that was found has been read. */
  nextFoundLookAt(nip: string): Promise<Date | null>;
  putOffReconciliation(nip: string, until: Date, why: string): Promise<void>;
  /** From now on what is not cleared by what was found may go; answers whose bells to ring. */
  finishReconciliation(
    nip: string,
    at: Date,
  ): Promise<{ sessions: number; registrations: number; cleared: number; lanes: readonly Lane[] }>;
}
