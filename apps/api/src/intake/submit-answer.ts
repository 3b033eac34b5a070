import { type AcceptResult, CORRECTION_FAULTS, Problem } from '@wsad/domain';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../problem-body.ts';
import { errorOf, type KeptEntry } from './submission.ts';

/** An answer that is kept for repetitions: byte for byte the same. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

type Conflict = Extract<AcceptResult, { kind: 'conflict' }>;

/** 202 with one line per invoice in the order given, or 422 where none was accepted. */
export function submitAnswer(
  submissionId: string,
  entries: readonly KeptEntry[],
  results: readonly AcceptResult[],
  requestId: string,
): StoredAnswer {
  const byPosition = new Map(results.map((result) => [result.position, result]));
  const invoices = entries.map((entry) => lineOf(entry, byPosition.get(entry.position)));
  const refused = invoices.filter((line) => line.id === null).length;
  const list = { submissionId, accepted: invoices.length - refused, refused, invoices };
  if (refused < invoices.length) return { status: 202, body: JSON.stringify(list) };
  const problem = new Problem('ALL_REFUSED', undefined, list);
  return { status: problem.status, body: JSON.stringify(problemBody(problem, requestId)) };
}

export function mediaTypeOfAnswer(status: number): string {
  return status === 202 ? 'application/json; charset=utf-8' : PROBLEM_MEDIA_TYPE;
}

function lineOf(entry: KeptEntry, result: AcceptResult | undefined) {
  const { externalId, fileName, sha256, facts, faults } = entry;
  const named = { externalId, fileName, invoiceNumber: facts?.number ?? null, sha256 };
  if (result === undefined) return { id: null, ...named, state: 'refused', errors: faults.map(errorOf) };
  if (result.kind === 'conflict')
    return { id: null, ...named, state: 'refused', errors: [conflictError(entry, result)] };
  if (result.kind === 'uncorrectable') {
    const error = { code: result.code, message: CORRECTION_FAULTS[result.code], line: null };
    return { id: null, ...named, state: 'refused', errors: [error] };
  }
  return { id: result.id, ...named, state: result.state, errors: [] };
}

function conflictError({ facts }: KeptEntry, { earlier }: Conflict) {
  const which = `${facts?.kind ?? ''} ${facts?.number ?? ''} of ${facts?.issuerNip ?? ''}`;
  const error = { code: 'INVOICE_NUMBER_TAKEN', line: null };
  if (earlier === null)
    return {
      ...error,
      message: `Invoice ${which} was handed in before for another seller. KSeF takes each only once.`,
    };
  const number = earlier.ksefNumber === null ? '' : `, KSeF number ${earlier.ksefNumber}`;
  return {
    ...error,
    message: `Invoice ${which} is here already with other contents: ${earlier.id} (${earlier.state}${number}). KSeF takes each only once: give this one a number of its own, or correct the earlier one.`,
    earlier,
  };
}
