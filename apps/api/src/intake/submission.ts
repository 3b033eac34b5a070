import { createHash } from 'node:crypto';
import {
  type AcceptCommand,
  type AcceptResult,
  INTERACTIVE_INVOICES_MAX,
  type IntakeInvoice,
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

/** Names request and invoices, however they were packed: the form's boundary or the ZIP's dates do not matter. */
export function fingerprintOf(request: SubmitRequest, entries: readonly CheckedEntry[]): string {
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
  entries: readonly CheckedEntry[],
  now: Date,
  lingerMs: number,
): AcceptCommand {
  const invoices = entries.flatMap(intakeOf);
  const atOnce = request.urgent || invoices.length > INTERACTIVE_INVOICES_MAX;
  return {
    submissionId,
    nip: request.nip,
    mode: request.mode,
    invoices,
    refused: entries.filter((entry) => !isGood(entry)).map(refusedOf),
    idempotencyKey: request.idempotencyKey,
    actor: request.actor,
    now,
    dueAt: atOnce ? now : new Date(now.getTime() + lingerMs),
    urgent: request.urgent,
    origin: request.origin,
  };
}

/** The lanes that got something to send. */
export function lanesTouched(command: AcceptCommand, results: readonly AcceptResult[]): Lane[] {
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
export function withCorrection(
  entries: readonly CheckedEntry[],
  correctionOf: string | null,
): readonly CheckedEntry[] {
  if (correctionOf === null) return entries;
  if (entries.length > 1) {
    const message = 'is for a call of one invoice; in JSON each invoice may have its own';
    const errors = [{ path: 'correctionOf', message }];
    throw new Problem('INVALID_REQUEST', `correctionOf ${message}.`, { errors });
  }
  return entries.map((entry) => ({ ...entry, correctionOf: entry.correctionOf ?? correctionOf }));
}

function isGood(entry: CheckedEntry): boolean {
  return entry.faults.length === 0 && entry.facts !== null;
}

function intakeOf(entry: CheckedEntry): IntakeInvoice[] {
  const { position, externalId, fileName, sha256, sizeBytes, deflated, crc32, facts, correctionOf } = entry;
  if (facts === null || !isGood(entry)) return [];
  return [{ position, externalId, fileName, sha256, sizeBytes, deflated, crc32, facts, correctionOf }];
}

function refusedOf(entry: CheckedEntry): RefusedInvoice {
  const { position, externalId, fileName, sha256, facts, faults } = entry;
  const errors = faults.map(errorOf);
  return { position, externalId, fileName, invoiceNumber: facts?.number ?? null, sha256, errors };
}

export function errorOf({ code, message, line }: EntryFault): EntryFault {
  return { code, message, line };
}
