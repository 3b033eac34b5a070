import type { AcceptCommand, Claim, InvoiceSettlement, KsefVerdict, SendingSession } from '@wsad/domain';
import type { PostgresLedger } from '../../src/index.ts';
import { after, call, type InvoiceWish, ksefNumber, laneOf, NOW, numbered } from './invoices.ts';

/** Walks invoices along the path, so that a test can begin where its own step begins. */
export interface Walk {
  readonly ledger: PostgresLedger;
  readonly nip: string;
  readonly command: AcceptCommand;
  readonly ids: string[];
}

export interface SessionWalk extends Walk {
  readonly sessionId: string;
  readonly session: SendingSession;
}

export async function putToken(
  ledger: PostgresLedger,
  nip: string,
  token = `token-of-${nip}`,
): Promise<void> {
  await ledger.putCredentials({
    owner: { nip },
    secret: { type: 'ksefToken', token },
    actor: 'test',
    now: NOW,
  });
}

export async function accepted(
  ledger: PostgresLedger,
  nip: string,
  wishes: readonly InvoiceWish[] = numbered(6),
): Promise<Walk> {
  await putToken(ledger, nip);
  const command = call(wishes, { nip });
  const results = await ledger.accept(command);
  const ids = results.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
  return { ledger, nip, command, ids };
}

export async function claimed(walk: Walk, claim: Partial<Claim> = {}, at = NOW): Promise<SessionWalk> {
  const { ledger, nip } = walk;
  const whole: Claim = { kind: 'batch', count: 10_000, which: 'any', ...claim };
  const { sessions } = await ledger.claimLane(laneOf(nip), at, () => ({
    kind: 'send',
    claims: [whole],
    more: false,
  }));
  const [{ id: sessionId = '' } = {}] = sessions;
  const session = await ledger.acquireSession(sessionId, 'worker', NOW, 16_000);
  if (session === null) throw new Error('the session cannot be taken');
  return { ...walk, sessionId, session };
}

export async function opened(walk: SessionWalk): Promise<SessionWalk> {
  const { ledger, nip, sessionId, session } = walk;
  const credential = await ledger.credentialOf(nip);
  await ledger.recordOpened(sessionId, session.fence, {
    reference: `ref-${sessionId}`,
    credentialId: credential?.id ?? '',
    openedAt: after(100),
    usableUntil: after(1_200_000),
    package: { compression: 'TarGz', sizeBytes: 1000, sha256: 'package-hash' },
    parts: [1, 2].map((ordinal) => ({
      ordinal,
      sizeBytes: 500,
      sha256: `part-hash-${ordinal}`,
      upload: {
        method: 'PUT',
        url: `https://blob.example/part-${ordinal}?sig=upload-secret`,
        headers: { 'x-ms-blob-type': 'BlockBlob' },
      },
    })),
  });
  return walk;
}

export async function closing(walk: SessionWalk): Promise<SessionWalk> {
  await walk.ledger.recordClosing(walk.sessionId, walk.session.fence, after(300));
  return walk;
}

export async function closed(walk: SessionWalk): Promise<SessionWalk> {
  await walk.ledger.recordClosed(walk.sessionId, walk.session.fence, after(400));
  return walk;
}

/** A closed session of the seller's six invoices (or those wished for). */
export async function followed(
  ledger: PostgresLedger,
  nip: string,
  wishes: readonly InvoiceWish[] = numbered(6),
): Promise<SessionWalk> {
  return closed(await closing(await opened(await claimed(await accepted(ledger, nip, wishes)))));
}

export const VERDICT: KsefVerdict = { code: 450, description: 'Błąd semantyki', details: ['line 1'] };

export function clearedBy(sha256: string, serial: number, nip: string): InvoiceSettlement {
  return clearedAs(sha256, ksefNumber(serial, nip));
}

export function clearedAs(sha256: string, number: string): InvoiceSettlement {
  return {
    sha256,
    reference: null,
    outcome: {
      state: 'cleared',
      ksefNumber: number,
      invoicingMode: 'Online',
      acquiredAt: after(500),
      receiptPage: 1,
    },
  };
}

/** Everything of the walk's call cleared, with numbers from `from` on. */
export function allCleared({ command, nip }: Walk, from = 0): InvoiceSettlement[] {
  return command.invoices.map(({ sha256 }, index) => clearedBy(sha256, from + index, nip));
}

export const UPO = [{ page: 1, reference: 'upo-1', xml: Buffer.from('<upo/>'), sha256: 'upo-hash' }];

export async function statesOf({ ledger, ids }: Walk): Promise<string[]> {
  const { rows } = await ledger.pool.query<{ state: string }>(
    'SELECT state FROM invoices WHERE id = ANY ($1::uuid[]) ORDER BY id',
    [ids],
  );
  return rows.map((row) => row.state);
}
