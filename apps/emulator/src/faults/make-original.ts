/** The accepted invoice that a duplicate is a duplicate of, in a session of its own with a receipt. */
import { createHash } from 'node:crypto';
import type { InvoiceFacts } from '../processing/invoice-facts.ts';
import { issueUpo } from '../processing/issue-upo.ts';
import type { RegisteredInvoice } from '../processing/registry.ts';
import type { BatchSession, InvoicingMode, Session, SessionOwner } from '../sessions/model.ts';
import { warsawDay } from '../warsaw.ts';
import type { World } from '../world.ts';

export type GoodInvoice = { session: Session; facts: InvoiceFacts; mode: InvoicingMode; bytes: Buffer };

const stranger: SessionOwner = {
  context: { type: 'Nip', value: '9999999999' },
  subject: 'somebody-else',
  tokenReference: 'somebody-else',
  documentHash: '',
};

/** `own`: the same bytes in a session of the same credential. `foreign`: other bytes, sent by somebody else. */
export async function makeOriginal(
  world: World,
  { session, facts, mode, bytes }: GoodInvoice,
  whose: 'own' | 'foreign',
): Promise<RegisteredInvoice> {
  const content = whose === 'own' ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
  const original = finishedSession(world, session, whose === 'own' ? session.owner : stranger);
  const registered = {
    nip: facts.nip,
    kind: facts.kind,
    number: facts.number,
    sha256: createHash('sha256').update(content).digest('base64'),
    ksefNumber: world.ksefNumbers(facts.nip, warsawDay(original.createdAt)),
    session: original.referenceNumber,
    mode,
    buyerNip: facts.buyerNip,
    form: session.form,
    issueDate: facts.issueDate,
    invoicingDate: original.createdAt,
    acquisitionDate: original.createdAt,
    hasAttachment: facts.hasAttachment,
    document: await world.documents.append(content),
  };
  original.invoices.push(acceptedRecord(world, original, facts, registered));
  await issueUpo(world, original);
  world.sessions.add(original);
  world.registry.add(registered);
  return registered;
}

function finishedSession(world: World, like: Session, owner: SessionOwner): BatchSession {
  const now = world.clock();
  return {
    kind: 'Batch',
    referenceNumber: world.references('SB'),
    owner,
    form: like.form,
    createdAt: now,
    updatedAt: now,
    closedAt: now,
    status: { code: 200 },
    invoices: [],
    upoPages: [],
    offlineMode: false,
    archive: { fileSize: 0, fileHash: '', compression: 'TarGz' },
    encryption: {
      encryptedSymmetricKey: Buffer.alloc(0),
      initializationVector: Buffer.alloc(0),
      publicKeyId: null,
    },
    parts: [],
    stored: new Map(),
    uploadUntil: now,
  };
}

function acceptedRecord(
  world: World,
  { createdAt }: BatchSession,
  { nip, number, issueDate }: InvoiceFacts,
  { sha256, ksefNumber, mode }: RegisteredInvoice,
): BatchSession['invoices'][number] {
  return {
    ordinalNumber: 1,
    referenceNumber: world.references('EE'),
    invoiceHash: sha256,
    fileName: 'invoice.xml',
    invoiceNumber: number,
    ksefNumber,
    sellerNip: nip,
    issueDate,
    invoicingDate: createdAt,
    acquisitionDate: createdAt,
    mode,
    verdict: { code: 200 },
    waiting: null,
  };
}
