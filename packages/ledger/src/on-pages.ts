/** What people's pages ask of the ledger. */
import { retryMany, withdrawMany } from './actions.ts';
import type { Db } from './db.ts';
import { closePageSession, findPageSession, openPageSession, touchPageSession } from './page-sessions.ts';
import { heldGroups } from './queries/held-groups.ts';
import { overview } from './queries/overview/overview.ts';
import { submissionsPage } from './queries/submissions-page.ts';

export function onPages(db: Db) {
  return {
    overview: overview.bind(null, db),
    heldGroups: heldGroups.bind(null, db),
    retryMany: retryMany.bind(null, db),
    withdrawMany: withdrawMany.bind(null, db),
    submissionsPage: submissionsPage.bind(null, db),
    openPageSession: openPageSession.bind(null, db),
    findPageSession: findPageSession.bind(null, db),
    touchPageSession: touchPageSession.bind(null, db),
    closePageSession: closePageSession.bind(null, db),
  };
}
