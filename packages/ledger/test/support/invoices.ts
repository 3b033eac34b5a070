import { createHash, randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { type AcceptCommand, crc8, type IntakeInvoice, type Lane } from '@wsad/domain';
import { newId } from '../../src/index.ts';

export const NIP = '5265877635';
export const OTHER_NIP = '7831812112';

let sellers = 1_000_000;
/** A NIP that no other test of this file uses. */
export function newNip(): string {
  sellers += 1;
  return `111${sellers}`;
}

export function laneOf(nip: string): Lane {
  return { nip, form: 'FA (3)', mode: 'online' };
}
export const NOW = new Date('2026-10-20T10:00:00.000Z');
export const LANE: Lane = { nip: NIP, form: 'FA (3)', mode: 'online' };

export function after(ms: number, from: Date = NOW): Date {
  return new Date(from.getTime() + ms);
}

export interface InvoiceWish {
  readonly number: string;
  readonly content?: string;
  readonly issuerNip?: string;
  readonly kind?: string;
  readonly issueDate?: string;
  readonly hasAttachment?: boolean;
  readonly sizeBytes?: number;
  readonly externalId?: string;
}

export function intake(wish: InvoiceWish, position: number): IntakeInvoice {
  const bytes = Buffer.from(
    wish.content ?? `<Faktura>${wish.issuerNip ?? NIP} ${wish.kind ?? 'VAT'} ${wish.number}</Faktura>`,
  );
  return {
    position,
    externalId: wish.externalId ?? null,
    fileName: `${wish.number}.xml`,
    sha256: createHash('sha256').update(bytes).digest('base64'),
    sizeBytes: wish.sizeBytes ?? bytes.length,
    deflated: deflateRawSync(bytes),
    crc32: crc32(bytes),
    facts: {
      form: 'FA (3)',
      issuerNip: wish.issuerNip ?? NIP,
      kind: wish.kind ?? 'VAT',
      number: wish.number,
      issueDate: wish.issueDate ?? '2026-10-20',
      hasAttachment: wish.hasAttachment ?? false,
      buyerName: 'Nabywca sp. z o.o.',
      buyerNip: OTHER_NIP,
      currency: 'PLN',
      grossAmount: '123.00',
    },
  };
}

/** A call with these invoices; everything else can be replaced. */
export function call(wishes: readonly InvoiceWish[], more: Partial<AcceptCommand> = {}): AcceptCommand {
  const { now = NOW, nip = NIP } = more;
  return {
    submissionId: newId(now, randomBytes),
    nip,
    mode: 'online',
    invoices: wishes.map((wish, position) => intake({ issuerNip: nip, ...wish }, position)),
    refused: [],
    idempotencyKey: null,
    urgent: false,
    actor: 'test',
    now,
    dueAt: now,
    ...more,
  };
}

export function numbered(count: number, prefix = 'FV'): InvoiceWish[] {
  return Array.from({ length: count }, (_, index) => ({ number: `${prefix}/${index + 1}` }));
}

/** A KSeF number with good check digits. */
export function ksefNumber(serial: number, nip = NIP): string {
  const body = `${nip}-20261020-${serial.toString(16).toUpperCase().padStart(12, '0')}`;
  return `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
}
