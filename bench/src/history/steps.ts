/** The same work, step by step, by the ledger's own functions: accept, claim, load, close, settle. */
import { createHash, randomBytes } from 'node:crypto';
import { type AcceptCommand, crc8, type InvoiceSettlement, type Lane } from '@wsad/domain';
import { newId, type PostgresLedger } from '@wsad/ledger';
import { NIP } from './fill.ts';

/** What one round took, in milliseconds by step. */
export type Steps = Record<(typeof STEPS)[number], number>;
export const STEPS = ['accept', 'claim', 'load', 'close', 'settle'] as const;

const LANE: Lane = { nip: NIP, form: 'FA (3)', mode: 'online' };
const LEASE_MS = 16_000;
/** Deflated size of one of the Ministry's example invoices, and its share of a session's receipt. */
const PAYLOAD_BYTES = 1330;
const RECEIPT_BYTES = 300;

/** Takes `count` new invoices from acceptance to their KSeF numbers. */
export async function settleAnew(ledger: PostgresLedger, count: number, now: Date): Promise<Steps> {
  const took = Object.fromEntries(STEPS.map((step) => [step, 0])) as Steps;
  const timed = async <T>(step: keyof Steps, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    took[step] += performance.now() - startedAt;
    return result;
  };
  const command = callOf(count, now);
  await timed('accept', () => ledger.accept(command));
  const claims = [{ kind: 'batch', count, which: 'any' }] as const;
  const { sessions } = await timed('claim', () =>
    ledger.claimLane(LANE, now, () => ({ kind: 'send', claims, more: false })),
  );
  for (const { id } of sessions) await sendAndSettle(ledger, id, now, timed);
  return took;
}

type Timed = <T>(step: keyof Steps, work: () => Promise<T>) => Promise<T>;

async function sendAndSettle(ledger: PostgresLedger, id: string, now: Date, timed: Timed): Promise<void> {
  const session = await timed('load', () => ledger.acquireSession(id, 'bench', now, LEASE_MS));
  const credential = await ledger.credentialOf(NIP);
  if (session === null || credential === null) throw new Error('the session cannot be taken');
  await timed('load', async () => {
    for await (const stored of ledger.payloads(id)) void stored;
  });
  const opened = { reference: `bench-${id}`, credentialId: credential.id, openedAt: now, usableUntil: now };
  await ledger.recordOpened(id, session.fence, { ...opened, package: null, parts: [] });
  await ledger.recordClosing(id, session.fence, now);
  await timed('close', () => ledger.recordClosed(id, session.fence, now));
  const members = await timed('settle', () => ledger.members(id));
  const settlements = members.map(({ sha256 }) => clearedAt(sha256, now));
  const xml = randomBytes(members.length * RECEIPT_BYTES);
  const receipt = { page: 1, reference: `upo-${id}`, xml, sha256: 'none' };
  await timed('settle', () => ledger.settleSession(id, settlements, [receipt], now));
}

function callOf(count: number, now: Date): AcceptCommand {
  const submissionId = newId(now, randomBytes);
  return {
    submissionId,
    nip: NIP,
    mode: 'online',
    invoices: Array.from({ length: count }, (_, position) => intake(`${submissionId}/${position}`, position)),
    refused: [],
    idempotencyKey: null,
    urgent: false,
    actor: 'bench',
    now,
    dueAt: now,
  };
}

function intake(number: string, position: number): AcceptCommand['invoices'][number] {
  return {
    position,
    externalId: null,
    fileName: `${position}.xml`,
    sha256: createHash('sha256').update(number).digest('base64'),
    sizeBytes: 4000,
    deflated: randomBytes(PAYLOAD_BYTES),
    crc32: 0,
    facts: {
      form: 'FA (3)',
      issuerNip: NIP,
      kind: 'VAT',
      number,
      issueDate: '2026-01-02',
      hasAttachment: false,
      buyerName: 'Nabywca sp. z o.o.',
      buyerNip: '7831812112',
      currency: 'PLN',
      grossAmount: '1230.00',
    },
  };
}

function clearedAt(sha256: string, at: Date): InvoiceSettlement {
  const body = `${NIP}-20260102-${randomBytes(6).toString('hex').toUpperCase()}`;
  const ksefNumber = `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
  const outcome = {
    state: 'cleared',
    ksefNumber,
    invoicingMode: 'Online',
    acquiredAt: at,
    receiptPage: 1,
  } as const;
  return { sha256, reference: null, outcome };
}
