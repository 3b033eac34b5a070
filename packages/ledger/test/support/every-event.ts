/** Ways that between them take every transition of docs/states.md and write every event of docs/audit.md. */
import { type HoldCause, type InvoiceSettlement, type KsefVerdict, planDispatch } from '@wsad/domain';
import type { PostgresLedger } from '../../src/index.ts';
import { after, call, ksefNumber, laneOf, NOW, newNip, numbered } from './invoices.ts';
import { accepted, claimed, closing, followed, opened, putToken, type SessionWalk } from './walk.ts';

export const PERSON = 'anna';

/** As wordy as KSeF gets. */
const VERDICT: KsefVerdict = {
  code: 440,
  description: 'Duplikat',
  details: [],
  originalKsefNumber: ksefNumber(900),
  originalSessionReference: 'SB-1',
};

export async function everyEvent(ledger: PostgresLedger): Promise<void> {
  await verdicts(ledger);
  await endsThatCameEarly(ledger);
  await sessionsThatFail(ledger);
  await sessionsGivenUp(ledger);
  await leases(ledger);
  await persons(ledger);
  await credentials(ledger);
  await logins(ledger);
  await attachments(ledger);
  await documents(ledger);
  await settings(ledger);
  await shutOut(ledger);
  await reconciling(ledger);
  await webhooks(ledger);
}

type Outcome = 'cleared' | 'rejected' | 'held' | 'again';
let serial = 1000;

/** Verdicts on the first of the walk's invoices, in their order. */
function settle(walk: SessionWalk, outcomes: readonly Outcome[], cause: HoldCause = 'duplicate_unknown') {
  const settlements = walk.command.invoices
    .slice(0, outcomes.length)
    .map(({ sha256 }, index): InvoiceSettlement => {
      const state = outcomes[index] ?? 'again';
      const of = { sha256, reference: null };
      if (state === 'held') return { ...of, outcome: { state, cause, verdict: VERDICT } };
      return state === 'cleared'
        ? { ...of, outcome: numberGiven() }
        : { ...of, outcome: { state, verdict: VERDICT } };
    });
  return walk.ledger.settleSession(walk.sessionId, settlements, [], after(900));
}

function numberGiven() {
  serial += 1;
  return {
    state: 'cleared' as const,
    ksefNumber: ksefNumber(serial),
    invoicingMode: 'Offline' as const,
    acquiredAt: after(500),
    receiptPage: null,
  };
}

async function underWay(ledger: PostgresLedger, invoices = 6): Promise<SessionWalk> {
  return await opened(await claimed(await accepted(ledger, newNip(), numbered(invoices))));
}

async function handedOver(ledger: PostgresLedger): Promise<SessionWalk> {
  const claim = { kind: 'interactive' } as const;
  return await opened(await claimed(await accepted(ledger, newNip(), numbered(1)), claim));
}

async function verdicts(ledger: PostgresLedger): Promise<void> {
  const walk = await followed(ledger, newNip(), numbered(5));
  await settle(walk, ['cleared', 'rejected']);
  await settle(walk, ['cleared', 'rejected', 'held', 'again', 'cleared']);
}

/** KSeF's word before the closing was recorded, on invoices that are still `sending`. */
async function endsThatCameEarly(ledger: PostgresLedger): Promise<void> {
  await settle(await closing(await underWay(ledger)), ['cleared', 'rejected', 'held', 'again']);
  for (const outcome of ['rejected', 'held', 'again'] as const) {
    const { sessionId, session } = await handedOver(ledger);
    await ledger.recordInvoiceRefused(sessionId, session.fence, 1, { outcome, verdict: VERDICT }, after(200));
  }
}

async function sessionsThatFail(ledger: PostgresLedger): Promise<void> {
  const { nip, sessionId } = await followed(ledger, newNip());
  await ledger.failSession(sessionId, VERDICT, after(900));
  const later = after(7_200_000);
  await ledger.claimLane(laneOf(nip), later, (waiting, room) => planDispatch(later, waiting, room));
  const refused = await underWay(ledger);
  await ledger.failUnclosed(refused.sessionId, refused.session.fence, VERDICT, after(300));
  const empty = await closing(await underWay(ledger));
  const known = { partsMissing: true };
  await ledger.failUnclosed(empty.sessionId, empty.session.fence, VERDICT, after(400), known);
}

async function sessionsGivenUp(ledger: PostgresLedger): Promise<void> {
  const unopened = await claimed(await accepted(ledger, newNip()));
  await ledger.failUnclosed(unopened.sessionId, unopened.session.fence, VERDICT, after(300));
  const worked = await underWay(ledger);
  await ledger.abandonSession(worked.sessionId, worked.session.fence, 'too late', after(300));
  await settle(worked, ['cleared']);
  const expired = await underWay(ledger);
  await ledger.abandonSession(expired.sessionId, expired.session.fence, 'too late', after(300));
  await ledger.failSession(expired.sessionId, VERDICT, after(900));
}

async function leases(ledger: PostgresLedger): Promise<void> {
  const begun = await handedOver(ledger);
  await ledger.recordInvoiceIntent(begun.sessionId, begun.session.fence, 1, after(200));
  const { sessionId } = await underWay(ledger);
  await ledger.acquireSession(sessionId, 'another', after(31_000), 16_000);
  await ledger.releaseEveryLease(after(32_000));
}

async function persons(ledger: PostgresLedger): Promise<void> {
  const held = await followed(ledger, newNip(), numbered(4));
  await settle(held, ['held', 'held', 'held', 'held']);
  const [retried = '', withdrawn = '', cleared = '', rejected = ''] = held.ids;
  const by = (invoiceId: string) => ({ invoiceId, actor: PERSON, now: after(950), sellers: 'all' as const });
  await ledger.retryHeld(by(retried));
  await ledger.withdrawHeld(by(withdrawn));
  await ledger.resolveHeld(by(cleared), { ksefNumber: numberGiven().ksefNumber });
  await ledger.resolveHeld(by(rejected), { rejected: true });
  await cleanedUp(ledger);
  const blocked = await accepted(ledger, newNip(), numbered(1));
  await loginEnds(ledger, blocked.nip, 'blocked');
  await ledger.holdSeller(blocked.nip, 'login_blocked', '470', NOW);
  await ledger.retryHeld(by(blocked.ids[0] ?? ''));
}

/** A session clears after all what a person looks at. */
async function cleanedUp(ledger: PostgresLedger): Promise<void> {
  const first = await underWay(ledger, 1);
  await ledger.abandonSession(first.sessionId, first.session.fence, 'too late', after(300));
  await ledger.holdSeller(first.nip, 'session_failed', 'a person looks', after(400));
  await settle(first, ['cleared']);
}

const SECRET = { certificatePem: 'c', privateKeyPem: 'k' };
const FACTS = {
  kind: 'seal',
  subject: 'CN=Firma',
  serialNumber: '01F2',
  validFrom: NOW,
  validTo: after(9e9),
} as const;

async function credentials(ledger: PostgresLedger): Promise<void> {
  const nip = newNip();
  const by = { actor: PERSON, now: NOW };
  const origin = { requestId: 'request-1', traceParent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await ledger.accept(call(numbered(1), { nip, actor: PERSON, origin }));
  await putToken(ledger, nip);
  const secret = { type: 'ksefToken', token: 'shared' } as const;
  await ledger.putCredentials({ owner: { sharedName: 'group' }, secret, ...by });
  await ledger.bindSharedCredentials({ nip, sharedName: 'group', ...by });
  await ledger.putCredentials({ owner: { sharedName: 'group' }, secret, ...by });
  await ledger.tidy(after(1000));
  await ledger.putOfflineCertificate({ nip, secret: SECRET, facts: FACTS, ...by });
  await ledger.deleteOfflineCertificate({ nip, ...by });
}

async function loginEnds(ledger: PostgresLedger, nip: string, end: 'refused' | 'blocked'): Promise<void> {
  await ledger.beginLogin(nip, 'worker', NOW, 1000);
  await ledger.failLogin(nip, 'worker', end, 'KSeF says no', NOW);
}

async function logins(ledger: PostgresLedger): Promise<void> {
  const { nip } = await accepted(ledger, newNip(), numbered(1));
  await loginEnds(ledger, nip, 'refused');
  await ledger.holdSeller(nip, 'login_refused', 'KSeF says no', NOW);
  await ledger.askLogin(nip, PERSON, NOW);
  const credential = await ledger.credentialOf(nip);
  const tokens = {
    accessToken: 'a',
    accessUntil: after(900_000),
    refreshToken: 'r',
    refreshUntil: after(9_000_000),
    permissions: ['InvoiceWrite'],
  };
  await ledger.finishLogin(nip, 'worker', credential?.id ?? '', 'token', tokens, after(100));
  await ledger.revokeAuthSession(nip, 'AU-1', PERSON, NOW);
  await ledger.saveRevocation(nip, 'AU-1', { refusal: 'unknown' }, after(200));
  await ledger.revokeAuthSession(nip, 'AU-2', PERSON, NOW);
  await ledger.saveRevocation(nip, 'AU-2', { ownedBy: null }, after(200));
}

async function attachments(ledger: PostgresLedger): Promise<void> {
  const { nip } = await accepted(ledger, newNip(), [{ number: '1', hasAttachment: true }]);
  await ledger.holdAttachments(nip, NOW);
  await ledger.releaseAttachments(nip, NOW);
}

async function documents(ledger: PostgresLedger): Promise<void> {
  const walk = await followed(ledger, newNip(), numbered(1));
  await settle(walk, ['cleared']);
  const [id = ''] = walk.ids;
  await ledger.saveInvoiceReceipt(id, Buffer.from('<upo/>'), 'hash', after(950));
  await ledger.saveConfirmation(id, { refusal: 'not now' }, after(950));
  await ledger.saveConfirmation(id, { sha256: 'hash' }, after(960));
}

/** KSeF lists a session that this ledger does not know, and what it registered. */
async function reconciling(ledger: PostgresLedger): Promise<void> {
  const { nip, command } = await accepted(ledger, newNip(), numbered(1));
  const asked = { since: after(-1000), actor: PERSON, now: NOW };
  await ledger.askReconciliation({ nip, ...asked });
  const turn = { nip, askedAt: NOW };
  const credential = (await ledger.credentialOf(nip))?.id ?? '';
  const reference = `found-${nip}`;
  const counts = { invoiceCount: 1, successfulInvoiceCount: 1, failedInvoiceCount: 0, statusCode: 200 };
  const found = { reference, kind: 'batch', openedAt: NOW, updatedAt: NOW, ...counts } as const;
  await ledger.recordListed(turn, credential, { kind: 'batch', sessions: [found], stillUntil: null }, NOW);
  await ledger.recordListed(turn, credential, { kind: 'interactive', sessions: [], stillUntil: null }, NOW);
  const [sha256 = ''] = command.invoices.map((invoice) => invoice.sha256);
  const registration = { ...numberGiven(), sha256, receiptPage: 1 };
  await ledger.recordRegistrations({ nip, reference }, 200, [registration], NOW);
  const closed = { ...found, reference: `unreadable-${nip}` };
  await ledger.recordListed(turn, credential, { kind: 'batch', sessions: [closed], stillUntil: null }, NOW);
  await ledger.recordUnreadable({ nip, reference: closed.reference }, 'nobody may read it', NOW);
  await ledger.finishReconciliation(turn, NOW);
  await ledger.askReconciliation({ nip, ...asked });
  await ledger.skipReconciliation({ nip, actor: PERSON, now: NOW });
  await ledger.askReconciliation({ nip: null, ...asked });
}

async function shutOut(ledger: PostgresLedger): Promise<void> {
  const { sessionId } = await followed(ledger, newNip(), numbered(1));
  await ledger.recordShutOut(sessionId, 'nobody may see it', after(500));
}

async function settings(ledger: PostgresLedger): Promise<void> {
  const { nip } = await accepted(ledger, newNip(), numbered(1));
  await ledger.warnOfDeadlines(after(100 * 3_600_000));
  await ledger.pauseSeller(nip, PERSON, NOW);
  await ledger.resumeSeller(nip, PERSON, NOW);
  await ledger.pauseAll(PERSON, NOW);
  await ledger.resumeAll(PERSON, NOW);
  const wanted = { name: 'k', role: 'read', sellers: 'all', actor: PERSON, now: NOW } as const;
  const { id } = await ledger.createApiKey(wanted);
  const page = { tokenSha256: 'page', holder: { keyId: id }, actor: PERSON, now: NOW } as const;
  await ledger.openPageSession(page);
  await ledger.closePageSession(page.tokenSha256, PERSON, NOW);
  await ledger.deleteApiKey(id, PERSON, NOW);
  await ledger.decideOutage({ kind: 'failure', startedAt: NOW, endedAt: null }, PERSON, NOW);
}

async function webhooks(ledger: PostgresLedger): Promise<void> {
  const wanted = {
    url: 'https://example.com/hook',
    description: null,
    events: 'all',
    sellers: 'all',
  } as const;
  const { id } = await ledger.createWebhook(wanted, PERSON, NOW);
  const action = { id, actor: PERSON, sellers: 'all', now: NOW } as const;
  await ledger.changeWebhook(action, { description: 'ours' });
  await ledger.rotateWebhookSecret(action);
  await ledger.sendTestDelivery(action);
  const delivery = await ledger.claimDelivery(id, NOW, 15_000);
  const gone = { kind: 'failed', status: 410, why: 'it answered 410' } as const;
  if (delivery !== null) await ledger.recordDelivery(delivery, gone, NOW, 0);
  await ledger.deleteWebhook(action);
}
