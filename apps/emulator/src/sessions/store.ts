import { type Caller, contextKey, mayReadAllSessions } from '../auth/caller.ts';
import { badRequest, noAccessToResource } from '../http/errors.ts';
import type { BatchSession, OnlineSession, Session } from './model.ts';

export type SessionStore = {
  add(session: Session): void;
  /** For the storage endpoints, which know no caller. */
  peek(referenceNumber: string): Session | undefined;
  /** The session, or 400/21173 where there is none and 403 where it belongs to somebody else. */
  require(referenceNumber: string, caller: Caller): Session;
  requireBatch(referenceNumber: string, caller: Caller): BatchSession;
  requireOnline(referenceNumber: string, caller: Caller): OnlineSession;
  visibleTo(caller: Caller): Session[];
  counts(): { batch: number; online: number };
};

export function createSessionStore(sessions: Map<string, Session>): SessionStore {
  function require(referenceNumber: string, caller: Caller): Session {
    const session = sessions.get(referenceNumber);
    if (session === undefined) throw unknownSession(referenceNumber);
    if (!isVisible(session, caller)) throw noAccessToResource();
    return session;
  }

  function requireBatch(referenceNumber: string, caller: Caller): BatchSession {
    const session = require(referenceNumber, caller);
    if (session.kind !== 'Batch') throw unknownSession(referenceNumber);
    return session;
  }

  function requireOnline(referenceNumber: string, caller: Caller): OnlineSession {
    const session = require(referenceNumber, caller);
    if (session.kind !== 'Online') throw unknownSession(referenceNumber);
    return session;
  }

  function counts(): { batch: number; online: number } {
    const all = [...sessions.values()];
    const batch = all.filter((session) => session.kind === 'Batch').length;
    return { batch, online: all.length - batch };
  }

  return {
    add: (session) => void sessions.set(session.referenceNumber, session),
    peek: (referenceNumber) => sessions.get(referenceNumber),
    require,
    requireBatch,
    requireOnline,
    visibleTo: (caller) => [...sessions.values()].filter((session) => isVisible(session, caller)).reverse(),
    counts,
  };
}

/** A session belongs to the credential that opened it; owners and inspectors see all of their context. */
function isVisible(session: Session, caller: Caller): boolean {
  if (contextKey(session.owner.context) !== contextKey(caller.context)) return false;
  return session.owner.subject === caller.subject || mayReadAllSessions(caller);
}

function unknownSession(referenceNumber: string): Error {
  return badRequest(21173, `Sesja o numerze referencyjnym ${referenceNumber} nie została znaleziona.`);
}
