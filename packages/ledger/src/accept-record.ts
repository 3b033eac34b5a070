import {
  type AcceptCommand,
  type AcceptResult,
  type AcceptStagedCommand,
  CORRECTION_FAULTS,
  type HoldCause,
  isTaken,
  type Origin,
  type RefusedInvoice,
} from '@wsad/domain';
import type { Intake } from './accept-insert.ts';
import { arrayText, chunks, jsonText, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { tally } from './tallies.ts';

const CHUNK_ROWS = 5000;

type Results = ReadonlyMap<number, AcceptResult>;

/** What the report says of an invoice whose issuer, kind and number are taken by other bytes. */
export const NUMBER_TAKEN = {
  code: 'INVOICE_NUMBER_TAKEN',
  message:
    'An earlier invoice has the same seller, kind and number but other contents. KSeF takes each only once: correct the number, or withdraw the earlier one if it is held.',
} as const;

/** Writes down what the call brought: the submission, its invoices in order, its refusals and one event. */
export async function recordSubmission(
  tx: Tx,
  command: AcceptCommand | AcceptStagedCommand,
  intakes: readonly Intake[],
  results: Results,
  holdCause: HoldCause | null,
): Promise<void> {
  const taken = [...results.values()].filter(isTaken);
  const refusals = [...command.refused.map(refusalOf), ...refusedAmong(intakes, results)];
  await tx.query(
    `INSERT INTO submissions (id, nip, mode, actor, idempotency_key, total, refused, created_at, request_id, trace_parent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      command.submissionId,
      command.nip,
      command.mode,
      storable(command.actor),
      storable(command.idempotencyKey),
      taken.length,
      refusals.length,
      command.now,
      command.origin?.requestId ?? null,
      command.origin?.traceParent ?? null,
    ],
  );
  await insertTaken(tx, command.submissionId, intakes, results);
  await insertRefusals(tx, command.submissionId, refusals);
  const accepted = taken.filter((result) => result.kind === 'accepted');
  const held = accepted.filter((result) => result.state === 'held').length;
  const detail = {
    accepted: accepted.length,
    held,
    existing: taken.length - accepted.length,
    refused: refusals.length,
    ...(held > 0 && { cause: holdCause }),
    ...(command.origin !== undefined && calledBy(command.origin)),
  };
  await recordEvent(tx, {
    at: command.now,
    type: 'submission.accepted',
    actor: storable(command.actor),
    nip: command.nip,
    submissionId: command.submissionId,
    detail,
  });
  await tally(tx, { accepted: accepted.length, refused: refusals.length });
}

function calledBy({ requestId, traceParent }: Origin): { requestId: string; traceId?: string } {
  // 00-<trace id>-<span id>-<flags>
  const traceId = traceParent?.split('-')[1];
  return traceId === undefined ? { requestId } : { requestId, traceId };
}

async function insertTaken(
  tx: Tx,
  submissionId: string,
  intakes: readonly Intake[],
  results: Results,
): Promise<void> {
  const rows = intakes.flatMap(({ invoice }) => {
    const result = results.get(invoice.position);
    return result === undefined || !isTaken(result) ? [] : [{ invoice, result }];
  });
  for (const chunk of chunks(rows, CHUNK_ROWS)) {
    await tx.query(
      `INSERT INTO submission_invoices (submission_id, position, invoice_id, repeated, external_id, file_name)
       SELECT $1, * FROM unnest($2::int[], $3::uuid[], $4::bool[], $5::text[], $6::text[])`,
      [
        submissionId,
        arrayText(chunk.map((row) => row.invoice.position)),
        arrayText(chunk.map((row) => row.result.id)),
        arrayText(chunk.map((row) => row.result.kind === 'existing')),
        arrayText(chunk.map((row) => storable(row.invoice.externalId))),
        arrayText(chunk.map((row) => storable(row.invoice.fileName))),
      ],
    );
  }
}

type Refusal = RefusedInvoice & { readonly earlierInvoiceId: string | null };

function refusalOf(refused: RefusedInvoice): Refusal {
  return { ...refused, earlierInvoiceId: null };
}

function refusedAmong(intakes: readonly Intake[], results: Results): Refusal[] {
  return intakes.flatMap(({ invoice }) => {
    const result = results.get(invoice.position);
    if (result === undefined || isTaken(result)) return [];
    const { position, externalId, fileName, sha256, facts } = invoice;
    const error =
      result.kind === 'conflict'
        ? NUMBER_TAKEN
        : { code: result.code, message: CORRECTION_FAULTS[result.code] };
    const errors = [{ ...error, line: null }];
    const earlierInvoiceId = result.kind === 'conflict' ? (result.earlier?.id ?? null) : null;
    return [
      { position, externalId, fileName, invoiceNumber: facts.number, sha256, errors, earlierInvoiceId },
    ];
  });
}

async function insertRefusals(tx: Tx, submissionId: string, refusals: readonly Refusal[]): Promise<void> {
  for (const chunk of chunks(refusals, CHUNK_ROWS)) {
    await tx.query(
      `INSERT INTO submission_refusals
         (submission_id, position, external_id, file_name, invoice_number, sha256, errors, earlier_invoice_id)
       SELECT $1, position, external_id, file_name, invoice_number, sha256, errors::jsonb, earlier
       FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
         AS refusal (position, external_id, file_name, invoice_number, sha256, errors, earlier)`,
      [
        submissionId,
        chunk.map((row) => row.position),
        chunk.map((row) => storable(row.externalId)),
        chunk.map((row) => storable(row.fileName)),
        chunk.map((row) => storable(row.invoiceNumber)),
        chunk.map((row) => row.sha256),
        chunk.map((row) => jsonText(row.errors)),
        chunk.map((row) => row.earlierInvoiceId),
      ],
    );
  }
}
