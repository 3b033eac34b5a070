import { createHash } from 'node:crypto';
import { crc8, type InvoiceSettlement, type KsefVerdict, planDispatch } from '@wsad/domain';
import { NIP, type TestApi } from './test-api.ts';

export const UPO = Buffer.from('<?xml version="1.0"?><Potwierdzenie>ąę</Potwierdzenie>\r\n');
let serial = 0;
let minutes = 0;

/** What KSeF would say of an invoice: nothing special means that it is cleared. */
export type Verdicts = Readonly<Record<string, KsefVerdict>>;

export function verdict(code: number): KsefVerdict {
  return { code, description: `verdict ${code}`, details: ['because'] };
}

/** Sends all that waits for the seller in one session, as a worker and a poller would; `verdicts` by hash. */
export async function sendAndSettle(api: TestApi, nip: string, verdicts: Verdicts = {}): Promise<string> {
  const sessionId = await sendAll(api, nip);
  const members = await api.ledger.members(sessionId);
  const settlements = members.map(({ sha256 }) => settlement(nip, sha256, verdicts[sha256]));
  const sha256 = createHash('sha256').update(UPO).digest('base64');
  const receipt = { page: 1, reference: `${sessionId}-UPO`, xml: UPO, sha256 };
  await api.ledger.settleSession(sessionId, settlements, [receipt], nextMinute());
  return sessionId;
}

/** The same up to the closed session: its invoices are processing. */
export async function sendAll(api: TestApi, nip: string): Promise<string> {
  const { ledger } = api;
  const now = nextMinute();
  const lane = { nip, form: 'FA (3)', mode: 'online' } as const;
  const { sessions } = await ledger.claimLane(lane, now, (waiting, room) => planDispatch(now, waiting, room));
  const [{ id } = { id: '' }] = sessions;
  const session = await ledger.acquireSession(id, 'test', now, 60_000);
  const credential = await ledger.credentialOf(nip);
  if (session === null || credential === null) throw new Error('nothing to send, or nobody to send it as');
  const { fence } = session;
  await ledger.recordOpened(id, fence, {
    reference: `20261020-SB-${id}`,
    credentialId: credential.id,
    openedAt: now,
    usableUntil: new Date(now.getTime() + 1_200_000),
    package: { compression: 'TarGz', sizeBytes: 1000, sha256: 'a'.repeat(44) },
    parts: [
      {
        ordinal: 1,
        sizeBytes: 1008,
        sha256: 'b'.repeat(44),
        upload: { method: 'PUT', url: 'https://storage/part?sig=secret', headers: {} },
      },
    ],
  });
  await ledger.recordPartUploaded(id, fence, 1, now);
  await ledger.recordClosing(id, fence, now);
  await ledger.recordClosed(id, fence, now);
  return id;
}

/** Each session is of another minute, so that their order is known. */
export function nextMinute(): Date {
  minutes += 1;
  return new Date(Date.parse('2026-10-20T10:00:00Z') + minutes * 60_000);
}

/** A KSeF number with good check digits, each time another. */
export function ksefNumber(nip: string = NIP): string {
  serial += 1;
  const body = `${nip}-20261020-${serial.toString(16).toUpperCase().padStart(12, '0')}`;
  return `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
}

function settlement(nip: string, sha256: string, verdict: KsefVerdict | undefined): InvoiceSettlement {
  const reference = null;
  if (verdict?.code === 440)
    return { sha256, reference, outcome: { state: 'held', cause: 'duplicate_unknown', verdict } };
  if (verdict?.code === 410)
    return { sha256, reference, outcome: { state: 'held', cause: 'permission_missing', verdict } };
  if (verdict !== undefined) return { sha256, reference, outcome: { state: 'rejected', verdict } };
  return {
    sha256,
    reference,
    outcome: {
      state: 'cleared',
      ksefNumber: ksefNumber(nip),
      invoicingMode: 'Online',
      acquiredAt: nextMinute(),
      receiptPage: 1,
    },
  };
}
