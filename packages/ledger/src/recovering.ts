/** What the ledger does after a loss: of itself, of a time of which KSeF knows more, or of its vault key. */
import { askReconciliation, skipReconciliation } from './behind.ts';
import type { Db } from './db.ts';
import { rotateVaultKey } from './key-rotation.ts';
import { forgetLost, lookForLost } from './lost-key.ts';
import {
  beginPuttingBack,
  finishPuttingBack,
  lookAtTarget,
  refuseUnfinished,
  undoPuttingBack,
} from './putting-back.ts';
import {
  finishReconciliation,
  foundSessions,
  nextFoundLookAt,
  putOffReconciliation,
  recordFoundLook,
  recordListed,
  recordUnreadable,
  takeReconciliations,
} from './reconciliations.ts';
import { recordRegistrations } from './registrations.ts';
import { markRestored } from './restored.ts';

export function recovering(db: Db) {
  return {
    lookAtTarget: () => lookAtTarget(db),
    /** Throws where a backup was being put back and that did not come to its end. */
    refuseUnfinishedRestore: () => refuseUnfinished(db),
    beginPuttingBack: () => beginPuttingBack(db),
    undoPuttingBack: () => undoPuttingBack(db),
    finishPuttingBack: finishPuttingBack.bind(null, db),
    markRestored: markRestored.bind(null, db),
    askReconciliation: askReconciliation.bind(null, db),
    skipReconciliation: skipReconciliation.bind(null, db),
    takeReconciliations: takeReconciliations.bind(null, db),
    recordListed: recordListed.bind(null, db),
    foundSessions: foundSessions.bind(null, db),
    recordFoundLook: recordFoundLook.bind(null, db),
    recordUnreadable: recordUnreadable.bind(null, db),
    recordRegistrations: recordRegistrations.bind(null, db),
    nextFoundLookAt: nextFoundLookAt.bind(null, db),
    putOffReconciliation: putOffReconciliation.bind(null, db),
    finishReconciliation: finishReconciliation.bind(null, db),
    rotateVaultKey: rotateVaultKey.bind(null, db),
    lookForLost: () => lookForLost(db),
    forgetLost: forgetLost.bind(null, db),
  };
}
