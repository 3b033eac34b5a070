/** What the ledger tells whoever asks; nothing here changes anything. */
import { confirmation } from './confirmations.ts';
import type { Db } from './db.ts';
import { latarniaMessages } from './latarnia.ts';
import { outages } from './outages.ts';
import { payload, upo } from './queries/documents.ts';
import { invoice, timeline } from './queries/invoice.ts';
import { invoicesPage } from './queries/invoices-page.ts';
import { metrics } from './queries/metrics.ts';
import { submissionReport } from './queries/report.ts';
import { sellerStatus } from './queries/seller-status.ts';
import { sellersPage } from './queries/sellers-page.ts';
import { session, sessionsPage } from './queries/sessions.ts';
import { submission } from './queries/submission.ts';
import { clockOffset } from './waiting.ts';

export function answering(db: Db) {
  return {
    submission: submission.bind(null, db),
    submissionReport: submissionReport.bind(null, db),
    invoice: invoice.bind(null, db),
    timeline: timeline.bind(null, db),
    invoicesPage: invoicesPage.bind(null, db),
    payload: payload.bind(null, db),
    upo: upo.bind(null, db),
    confirmation: confirmation.bind(null, db),
    sessionsPage: sessionsPage.bind(null, db),
    session: session.bind(null, db),
    sellerStatus: sellerStatus.bind(null, db),
    sellersPage: sellersPage.bind(null, db),
    metrics: metrics.bind(null, db),
    outages: () => outages(db),
    latarniaMessages: latarniaMessages.bind(null, db),
    clockOffset: () => clockOffset(db.pool),
  };
}
