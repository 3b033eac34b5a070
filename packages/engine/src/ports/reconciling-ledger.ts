/** What the ledger does while KSeF is asked what it got that the ledger does not know of. */
import type { Lane, ListedSession, Registration, SessionKind } from '@wsad/domain';

/** A seller whose turn it is. */
export interface DueReconciliation {
  readonly nip: string;
  /** Asked again meanwhile, nothing of this turn counts any more. */
  readonly askedAt: Date;
  readonly since: Date;
  /** Sessions of each kind that were opened before are still to be listed; null: there are none. */
  readonly listUntil: Readonly<Record<SessionKind, Date | null>>;
  /** Counts from where it last got on. */
  readonly tries: number;
}

export interface ReconcilingLedger {
  /** Sellers whose turn it is, each to one process for `turnMs`; not those whose login waits for a person. */
  takeReconciliations(now: Date, limit: number, turnMs: number): Promise<DueReconciliation[]>;
  /** Of what KSeF lists, keeps the sessions that the ledger does not know to their end, to be read one by one. */
  recordListed(
    due: Pick<DueReconciliation, 'nip' | 'askedAt'>,
    credentialId: string,
    listed: { kind: SessionKind; sessions: readonly ListedSession[]; stillUntil: Date | null },
    at: Date,
  ): Promise<void>;
  foundSessions(
    nip: string,
    now: Date,
    limit: number,
  ): Promise<{ nip: string; reference: string; kind: SessionKind; credentialId: string; looks: number }[]>;
  /** KSeF is not at its end with the session, or, with null, did not tell. */
  recordFoundLook(reference: string, statusCode: number | null, nextLookAt: Date): Promise<void>;
  /** What the session registered; whatever waits with these bytes is cleared by it. Answers how many were. */
  recordRegistrations(
    found: { nip: string; reference: string },
    statusCode: number,
    registrations: readonly Registration[],
    at: Date,
  ): Promise<number>;
  /** KSeF lets nobody read the session: nobody waits for it any more. */
  recordUnreadable(found: { nip: string; reference: string }, why: string, at: Date): Promise<void>;
  /** Null once every session that was found has been read. */
  nextFoundLookAt(nip: string): Promise<Date | null>;
  putOffReconciliation(nip: string, until: Date, why: string): Promise<void>;
  /**
   * From now on what is not cleared by what was found may go; answers whose bells to ring. Null where it was asked again
   * meanwhile.
   */
  finishReconciliation(
    due: Pick<DueReconciliation, 'nip' | 'askedAt'>,
    at: Date,
  ): Promise<{
    sessions: number;
    registrations: number;
    cleared: number;
    lanes: readonly Lane[];
  } | null>;
}
