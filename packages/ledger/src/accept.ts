import type { AcceptCommand, AcceptResult, AcceptStagedCommand, IntakeHead } from '@wsad/domain';
import { type Correction, judgeCorrections } from './accept-corrections.ts';
import { type Intake, type IntakeRows, insertInvoices, prepareIntake, rowsOfCall } from './accept-insert.ts';
import { type LiveInvoice, liveInvoices } from './accept-live.ts';
import { recordSubmission } from './accept-record.ts';
import { mendDamaged } from './damaged.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { lockSeller, type SellerLock } from './sellers.ts';
import { rowsOfStage } from './staging.ts';

/** Invoices can be rejected while we look for the one in the way; then their place is free and we try again. */
const RESOLVE_ATTEMPTS_MAX = 5;

type Command = AcceptCommand | AcceptStagedCommand;

/**
 * Takes the checked invoices of one call in, all or none of them, durably. Each comes out as accepted (or held where
 * the seller cannot send now), existing (the same bytes are here, live), or conflict (other bytes under the same
 * issuer, kind and number, which KSeF would call a duplicate), or uncorrectable. The seller begins with its first call.
 * What was staged stays there: the caller drops it, whatever comes of this.
 * @throws StageLost where what was staged is not all there any more
 */
export async function accept(db: Db, command: Command): Promise<AcceptResult[]> {
  const rows = 'stageId' in command ? rowsOfStage(command) : rowsOfCall(command);
  return inTransaction(db.pool, async (tx) => {
    await rows.assertThere(tx);
    const seller = await lockSeller(tx, command.nip, command.now);
    const corrections = await judgeCorrections(tx, command);
    const intakes = prepareIntake(command, corrections, db.randomBytes);
    const results = uncorrectable(corrections);
    await resolveAll(tx, command, rows, intakes, seller, results);
    await mendDamaged(tx, command, rows, intakes, results);
    await recordSubmission(tx, command, intakes, results, seller.holdCause);
    return command.invoices.map(({ position }) => resultAt(results, position));
  });
}

type Results = Map<number, AcceptResult>;

async function resolveAll(
  tx: Tx,
  command: Command,
  rows: IntakeRows,
  intakes: readonly Intake[],
  seller: SellerLock,
  results: Results,
): Promise<void> {
  let open = intakes.filter(({ invoice }) => !results.has(invoice.position)).sort(byIdentity);
  for (let attempt = 1; open.length > 0; attempt += 1) {
    if (attempt > RESOLVE_ATTEMPTS_MAX) throw new Error('invoices in the way keep changing: try again');
    const inserted = await insertInvoices(tx, command, rows, firstOfEach(open), seller);
    for (const intake of open) {
      if (inserted.has(intake.id)) results.set(intake.invoice.position, acceptedAs(intake, seller));
    }
    open = await resolveByLive(tx, command.nip, open, results);
  }
}

/** Corrections that are none are refused before anything is looked for in their way. */
function uncorrectable(corrections: ReadonlyMap<number, Correction>): Results {
  return new Map(
    [...corrections].flatMap(([position, correction]): [number, AcceptResult][] =>
      correction.kind === 'fault'
        ? [[position, { position, kind: 'uncorrectable', code: correction.code }]]
        : [],
    ),
  );
}

/** Answers those that were not inserted from what stands in their way; returns those for which nothing does. */
async function resolveByLive(
  tx: Tx,
  nip: string,
  intakes: readonly Intake[],
  results: Results,
): Promise<Intake[]> {
  const unresolved = intakes.filter((intake) => !results.has(intake.invoice.position));
  const live = await liveInvoices(tx, unresolved);
  for (const { invoice } of unresolved) {
    const inTheWay = live.get(invoice.position);
    if (inTheWay !== undefined) results.set(invoice.position, inTheWayOf(invoice, nip, inTheWay));
  }
  return unresolved.filter((intake) => !results.has(intake.invoice.position));
}

function acceptedAs(intake: Intake, { holdCause }: SellerLock): AcceptResult {
  return {
    position: intake.invoice.position,
    kind: 'accepted',
    id: intake.id,
    state: holdCause === null ? 'accepted' : 'held',
  };
}

function inTheWayOf(invoice: IntakeHead, nip: string, live: LiveInvoice): AcceptResult {
  const { position } = invoice;
  const ours = live.nip === nip;
  if (ours && live.sha256 === invoice.sha256) {
    return { position, kind: 'existing', id: live.id, state: live.state };
  }
  if (live.inTheWay === 'correction') return { position, kind: 'uncorrectable', code: 'CORRECTION_TAKEN' };
  const earlier = ours ? { id: live.id, state: live.state, ksefNumber: live.ksefNumber } : null;
  return { position, kind: 'conflict', earlier };
}

/** One order for everybody, so that two calls with the same invoices wait for each other and never in a circle. */
function byIdentity(left: Intake, right: Intake): number {
  if (left.identity === right.identity) return left.invoice.position - right.invoice.position;
  return left.identity < right.identity ? -1 : 1;
}

function firstOfEach(sorted: readonly Intake[]): Intake[] {
  return sorted.filter((intake, index) => sorted[index - 1]?.identity !== intake.identity);
}

function resultAt(results: Results, position: number): AcceptResult {
  const result = results.get(position);
  if (result === undefined)
    throw new Error(`the invoice at ${position} came out of accepting without a result`);
  return result;
}
