/** What people's pages ask of the ledger. */
import type { Db } from './db.ts';
import { closePageSession, findPageSession, openPageSession, touchPageSession } from './page-sessions.ts';

export function onPages(db: Db) {
  return {
    openPageSession: openPageSession.bind(null, db),
    findPageSession: findPageSession.bind(null, db),
    touchPageSession: touchPageSession.bind(null, db),
    closePageSession: closePageSession.bind(null, db),
  };
}
