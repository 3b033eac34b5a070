import { createHash } from 'node:crypto';
import {
  type AcceptCommand,
  type AcceptResult,
  type AcceptStagedCommand,
  INTERACTIVE_INVOICES_MAX,
  type IntakeHead,
  type Lane,
  laneKey,
  type Mode,
  type Origin,
  Problem,
  type RefusedInvoice,
} from '@wsad/domain';
import type { CheckedEntry, EntryFault } from './check-entries.ts';

/** What a call asks for besides its invoices. */
export interface SubmitRequest {
  readonly nip: string;
  readonly mode: Mode;
  readonly urgent: boolean;
  readonly onBehalf: boolean;
  /** The one invoice of the call is a technical correction of this one, by id or SHA-256. */
  readonly correctionOf: string | null;
  readonly idempotencyKey: string | null;
  readonly actor: string;
  readonly origin: Origin;
}

/** What the answer to a call needs of an entry. */
export interface KeptEntry extends Pick<CheckedEntry, 'position' | 'fileName' | 'externalId'> {
  readonly correctionOf: string | null;
  readonly sha256: string;
  readonly facts: IntakeHead['facts'] | null;
  readonly faults: readonly EntryFault[];
}

/** A call that has come in to its end: held as a whole, or staged. */
export type WholeCall =
  | { readonly entries: readonly CheckedEntry[] }
  | { readonly entries: readonly KeptEntry[]; readonly stageId: string };

/** Names request and invoices, however they were packed: the form's boundary or the ZIP's dates do not matter. */
export function fingerprintOf(request: SubmitRequest, entries: readonly KeptEntry[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([request.nip, request.mode, request.urgent, request.onBehalf]));
  for (const { fileName, externalId, sha256, correctionOf } of entries) {
    const correction = correctionOf === null ? [] : [correctionOf];
    hash.update(JSON.stringify([fileName, externalId, sha256, ...correction]));
  }
  return hash.digest('base64');
}

export function acceptCommand(
  submissionId: string,
  request: SubmitRequest,
  call: WholeCall,
  now: Date,
  lingerMs: number,
): AcceptCommand | AcceptStagedCommand {
  const { nip, mode, urgent, idempotencyKey, actor, origin } = request;
  const given =
    'stageId' in call
      ? { stageId: call.stageId, invoices: goodOf(call.entries) }
      : { invoices: goodOf(call.entries) };
  const atOnce = urgent || given.invoices.length > INTERACTIVE_INVOICES_MAX;
  const dueAt = atOnce ? now : new Date(now.getTime() + lingerMs);
  const refused = call.entries.filter((entry) => !isGood(entry)).map(refusedOf);
  return { ...given, submissionId, nip, mode, refused, idempotencyKey, actor, now, dueAt, urgent, origin };
}

/** The lanes that got something to send. */
export function lanesTouched(
  command: AcceptCommand | AcceptStagedCommand,
  results: readonly AcceptResult[],
): Lane[] {
  const accepted = new Set(
    results.flatMap((result) =>
      result.kind === 'accepted' && result.state === 'accepted' ? [result.position] : [],
    ),
  );
  const lanes = new Map<string, Lane>();
  for (const { position, facts } of command.invoices) {
    if (!accepted.has(position)) continue;
    const lane = { nip: command.nip, form: facts.form, mode: command.mode };
    lanes.set(laneKey(lane), lane);
  }
  return [...lanes.values()];
}

/** What the call says of its one invoice, said of that invoice. */
export function withCorrection(call: WholeCall, correctionOf: string | null): WholeCall {
  if (correctionOf === null) return call;
  if (call.entries.length > 1 || 'stageId' in call) {
    const message = 'is for a call of one invoice; in JSON each invoice may have its own';
    const errors = [{ path: 'correctionOf', message }];
    throw new Problem('INVALID_REQUEST', `correctionOf ${message}.`, { errors });
  }
  return {
    entries: call.entries.map((entry) => ({ ...entry, correctionOf: entry.correctionOf ?? correctionOf })),
  };
}

/** Without what is heavy. */
export function keptOf(entry: CheckedEntry): KeptEntry {
  const { position, fileName, externalId, correctionOf, sha256, facts, faults } = entry;
  const named = facts && factsOf(facts);
  return { position, fileName, externalId, correctionOf, sha256, facts: named, faults: faults.map(errorOf) };
}

function factsOf({ form, issuerNip, kind, number }: IntakeHead['facts']): IntakeHead['facts'] {
  return { form, issuerNip, kind, number };
}

/** Those without a fault. */
export function goodOf<E extends KeptEntry>(entries: readonly E[]): Good<E>[] {
  return entries.filter((entry): entry is Good<E> => isGood(entry));
}

type Good<E extends KeptEntry> = E & { readonly facts: NonNullable<E['facts']> };

function isGood({ faults, facts }: KeptEntry): boolean {
  return faults.length === 0 && facts !== null;
}

function refusedOf(entry: KeptEntry): RefusedInvoice {
  const { position, externalId, fileName, sha256, facts, faults } = entry;
  const errors = faults.map(errorOf);
  return { position, externalId, fileName, invoiceNumber: facts?.number ?? null, sha256, errors };
}

export function errorOf({ code, message, line }: EntryFault): EntryFault {
  return { code, message, line };
}
