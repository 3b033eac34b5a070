import { contextNip } from '../auth/caller.ts';
import { hasNipChecksum } from '../auth/context-schema.ts';
import type { InvoicingMode, Session, Verdict } from '../sessions/model.ts';
import { warsawDay } from '../warsaw.ts';
import type { World } from '../world.ts';
import type { Content } from './content.ts';
import type { InvoiceFacts } from './invoice-facts.ts';
import type { RegisteredInvoice } from './registry.ts';

/** An invoice as it came in, before anybody judged it. */
export type Submission = {
  /** null where the file was too big to keep. */
  content: Content | null;
  size: number;
  invoicingDate: Date;
  offlineMode: boolean;
  /** A technical correction: the one kind that may bring an attachment interactively. */
  isCorrection?: boolean;
};

export type Judgement = { verdict: Verdict; facts: InvoiceFacts | null; mode: InvoicingMode | null };

const MEGABYTE = 1_000_000;

/**
 * KSeF's checks of one invoice in their order: the file, its XSD, who may send it, its date, and whether it is
 * there already. Code 200 means nothing stands against registering it.
 */
export function judge(world: World, session: Session, submission: Submission): Judgement {
  const limits = world.testdata.sessionLimits(session.owner.context);
  const { maxInvoiceSizeInMB, maxInvoiceWithAttachmentSizeInMB } =
    session.kind === 'Batch' ? limits.batchSession : limits.onlineSession;
  const { content } = submission;
  if (content === null || submission.size > maxInvoiceWithAttachmentSizeInMB * MEGABYTE) {
    return rejected(430, ['Przekroczono dozwolony rozmiar faktury.']);
  }

  if (!content.readable) return rejected(430, content.faults);
  const { facts, schemaFaults } = content;
  if (submission.size > maxInvoiceSizeInMB * MEGABYTE && facts?.hasAttachment !== true) {
    return rejected(430, ['Przekroczono dozwolony rozmiar faktury.'], facts);
  }

  const faults = semanticFaults(world, session, schemaFaults, facts);
  if (faults.length > 0 || facts === null) return rejected(450, faults, facts);
  const refusal = refusalOf(world, session, facts, submission);
  if (refusal !== null) return { verdict: refusal, facts, mode: null };
  return { verdict: { code: 200 }, facts, mode: modeOf(submission, facts) };
}

function rejected(code: 430 | 450, details: string[], facts: InvoiceFacts | null = null): Judgement {
  return { verdict: { code, details }, facts, mode: null };
}

/** null where invoices are not compared with their XSD. */
export function schemasOf({ settings, schemas }: World): World['schemas'] | null {
  return settings.xsd ? schemas : null;
}

function semanticFaults(
  world: World,
  session: Session,
  schemaFaults: readonly string[],
  facts: InvoiceFacts | null,
): string[] {
  const faults = [...schemaFaults];
  if (facts === null && faults.length === 0)
    faults.push(`Dokument nie jest fakturą ${session.form.systemCode}.`);
  if (facts !== null && world.settings.env === 'PRD') {
    const wrong = [facts.nip, facts.buyerNip].filter((nip) => nip !== null && !hasNipChecksum(nip));
    faults.push(...wrong.map((nip) => `Nieprawidłowa suma kontrolna NIP ${nip}.`));
  }
  return faults;
}

/** What stands against a well-made invoice. */
function refusalOf(
  world: World,
  session: Session,
  facts: InvoiceFacts,
  { invoicingDate, isCorrection = false }: Submission,
): Verdict | null {
  if (!maySend(world, session, facts))
    return { code: 410, details: ['Kontekst nie może wystawić tej faktury.'] };
  if (facts.hasAttachment && !maySendAttachments(world, session, isCorrection)) return { code: 415 };
  if (facts.issueDate > warsawDay(invoicingDate)) {
    return { code: 450, details: ['Data wystawienia nie może być późniejsza niż data przyjęcia faktury.'] };
  }
  const earlier = world.registry.duplicateOf(facts);
  return earlier === undefined ? null : duplicateOf(earlier);
}

/** The verdict on an invoice that KSeF already has. */
export function duplicateOf(earlier: Pick<RegisteredInvoice, 'ksefNumber' | 'session'>): Verdict {
  return {
    code: 440,
    details: [
      `Duplikat faktury. Faktura o numerze KSeF: ${earlier.ksefNumber} została już prawidłowo przesłana do systemu w sesji: ${earlier.session}`,
    ],
    extensions: {
      originalSessionReferenceNumber: earlier.session,
      originalKsefNumber: earlier.ksefNumber,
    },
  };
}

/** The context sends its own invoices, or those of a seller that granted it InvoiceWrite. */
function maySend(world: World, session: Session, facts: InvoiceFacts): boolean {
  const sender = contextNip(session.owner.context);
  if (sender === null) return false;
  if (sender === facts.issuerNip) return true;
  const seller = { type: 'Nip', value: facts.issuerNip } as const;
  return world.testdata.permissionsOf(seller, { type: 'Nip', value: sender }).includes('InvoiceWrite');
}

/** Attachments go by batch alone unless in a technical correction, and with consent. */
function maySendAttachments(world: World, session: Session, isCorrection: boolean): boolean {
  const sender = contextNip(session.owner.context);
  return (
    (session.kind === 'Batch' || isCorrection) &&
    sender !== null &&
    world.testdata.attachmentConsents.has(sender)
  );
}

/** An issue date of an earlier day in Warsaw makes an invoice Offline by itself. */
function modeOf(submission: Submission, facts: InvoiceFacts): InvoicingMode {
  const late = facts.issueDate < warsawDay(submission.invoicingDate);
  return submission.offlineMode || late ? 'Offline' : 'Online';
}
