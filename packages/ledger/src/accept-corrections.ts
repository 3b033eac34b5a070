import type {
  AcceptCommand,
  AcceptStagedCommand,
  CorrectionFault,
  IntakeHead,
  InvoiceState,
  Mode,
} from '@wsad/domain';
import { isInvoiceId } from '@wsad/domain';
import type { Tx } from './db.ts';
import { LIVE, REFUSED } from './stages.ts';

/** What a technical correction comes to: the hash that KSeF is told, or why it is none. */
export type Correction =
  | { readonly kind: 'of'; readonly sha256: string }
  | { readonly kind: 'fault'; readonly code: CorrectionFault };

interface Corrected {
  readonly id: string;
  readonly sha256: string;
  readonly state: InvoiceState;
  readonly mode: Mode;
  readonly issuerNip: string;
  /** It is a correction itself: then the first of them all is meant, which is what the buyer holds. */
  readonly correctedSha256: string | null;
}

/**
 * Judges the call's technical corrections, by position. What another system sent is known by its hash alone, and
 * KSeF will judge it.
 */
export async function judgeCorrections(
  tx: Tx,
  command: AcceptCommand | AcceptStagedCommand,
): Promise<Map<number, Correction>> {
  const asked = command.invoices.flatMap((invoice) =>
    typeof invoice.correctionOf === 'string' ? [{ invoice, reference: invoice.correctionOf }] : [],
  );
  if (asked.length === 0) return new Map();
  const references = asked.map(({ reference }) => reference);
  const earlier = await correctedInvoices(tx, command.nip, references);
  const judged = asked.map(({ invoice, reference }) => ({
    invoice,
    correction: correctionOf(command.mode, invoice, reference, earlier.get(reference)),
  }));
  const live = await liveCorrections(
    tx,
    judged.flatMap(({ correction }) => (correction.kind === 'of' ? [correction.sha256] : [])),
  );
  return new Map(
    judged.map(({ invoice, correction }) => [invoice.position, unlessTaken(invoice, correction, live)]),
  );
}

function correctionOf(
  mode: Mode,
  { sha256, facts }: IntakeHead,
  reference: string,
  earlier: Corrected | undefined,
): Correction {
  if (mode !== 'offline') return faulty('CORRECTION_NOT_OFFLINE');
  if (earlier === undefined) {
    if (isInvoiceId(reference)) return faulty('CORRECTION_UNKNOWN');
    return reference === sha256 ? faulty('CORRECTION_UNCHANGED') : { kind: 'of', sha256: reference };
  }
  if (earlier.mode !== 'offline') return faulty('CORRECTION_NOT_OFFLINE');
  if (earlier.state !== 'rejected') return faulty('CORRECTION_NOT_REJECTED');
  if (earlier.issuerNip !== facts.issuerNip) return faulty('CORRECTION_OTHER_SELLER');
  if (earlier.sha256 === sha256) return faulty('CORRECTION_UNCHANGED');
  return { kind: 'of', sha256: earlier.correctedSha256 ?? earlier.sha256 };
}

function faulty(code: CorrectionFault): Correction {
  return { kind: 'fault', code };
}

/** The same bytes again are no second correction: they are answered by the one that is here. */
function unlessTaken(
  { sha256 }: IntakeHead,
  correction: Correction,
  live: ReadonlyMap<string, string>,
): Correction {
  if (correction.kind === 'fault') return correction;
  const other = live.get(correction.sha256);
  return other === undefined || other === sha256 ? correction : faulty('CORRECTION_TAKEN');
}

/** By id or by hash, whichever they were asked for by; the newest of several attempts with the same bytes. */
async function correctedInvoices(
  tx: Tx,
  nip: string,
  references: readonly string[],
): Promise<Map<string, Corrected>> {
  const { rows } = await tx.query<Corrected>(
    `SELECT id, sha256, state, mode, issuer_nip AS "issuerNip", corrected_sha256 AS "correctedSha256"
     FROM invoices
     WHERE nip = $1 AND (
       id = ANY ($2::uuid[])
       OR (sha256 = ANY ($3::text[]) AND ${REFUSED})
       OR (sha256 = ANY ($3::text[]) AND ${LIVE})
     )
     ORDER BY id`,
    [nip, references.filter(isInvoiceId), references.filter((reference) => !isInvoiceId(reference))],
  );
  return new Map(
    rows.flatMap((row): [string, Corrected][] => [
      [row.id, row],
      [row.sha256, row],
    ]),
  );
}

/** Corrected hash to the hash of the correction that is under way or was taken. */
async function liveCorrections(tx: Tx, hashes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ corrected: string; sha256: string }>(
    `SELECT corrected_sha256 AS corrected, sha256 FROM invoices
     WHERE corrected_sha256 = ANY ($1::text[]) AND ${LIVE}`,
    [hashes],
  );
  return new Map(rows.map(({ corrected, sha256 }) => [corrected, sha256]));
}
