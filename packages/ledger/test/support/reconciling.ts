/** Reconciling the ledger under test with what KSeF is said to have. */
import type { ListedSession, Registration } from '@wsad/domain';
import { after, ksefNumber, NOW } from './invoices.ts';
import type { TestLedger } from './ledger.ts';
import type { SessionWalk, Walk } from './walk.ts';

export const SINCE = after(-3_600_000);
export const UNTIL = after(600_000);

export const listed = (reference: string, more: Partial<ListedSession> = {}): ListedSession => ({
  ...{ reference, kind: 'batch', openedAt: SINCE, updatedAt: SINCE, statusCode: 200 },
  ...{ invoiceCount: 6, successfulInvoiceCount: 6, failedInvoiceCount: 0 },
  ...more,
});

export function registrations({ command, nip }: Walk, from: number): Registration[] {
  return command.invoices.map(({ sha256 }, place) => ({
    ...{ sha256, ksefNumber: ksefNumber(from + place, nip) },
    ...{ invoicingMode: 'Online', acquiredAt: NOW, receiptPage: 1 },
  }));
}

export function reconcilingOf(current: () => TestLedger) {
  const ask = (nip: string | null, since = SINCE) =>
    current().ledger.askReconciliation({ nip, since, actor: 'operator', now: NOW });

  /** KSeF lists these, and nothing besides. */
  async function note(nip: string, ...sessions: ListedSession[]): Promise<void> {
    const credential = await current().ledger.credentialOf(nip);
    for (const kind of ['batch', 'interactive'] as const) {
      const ofKind = sessions.filter((each) => each.kind === kind);
      const listing = { kind, sessions: ofKind, stillUntil: null };
      await current().ledger.recordListed({ nip, askedAt: NOW }, credential?.id ?? '', listing, NOW);
    }
  }

  const finish = (nip: string) => current().ledger.finishReconciliation({ nip, askedAt: NOW }, NOW);

  const unread = async (nip: string) =>
    (await current().ledger.foundSessions(nip, after(86_400_000), 100)).map(({ reference }) => reference);

  const status = async (nip: string) => (await current().ledger.sellerStatus(nip, NOW))?.reconciling ?? null;

  const stateOf = async ({ sessionId }: SessionWalk) =>
    (await current().ledger.session(sessionId, 'all'))?.state;

  return { ask, note, finish, unread, status, stateOf };
}
