/** wsad send: hands files in, shows how far they are, and tells what became of them. */
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import type { Screen, Told } from '../screen.ts';
import { batchesOf } from '../send/batches.ts';
import { collect } from '../send/collect.ts';
import { type Dispatched, dispatch } from '../send/dispatch.ts';
import { type Faulty, settledBadly } from '../send/faulty.ts';
import { waitForReceipts } from '../send/receipts.ts';
import { barOf, isAllCleared, stagesOf, type Tally } from '../send/tally.ts';

export interface SendFlags {
  readonly nip: string;
  readonly offline?: boolean;
  readonly urgent?: boolean;
  readonly onBehalf?: boolean;
  /** False: handed in and not followed. */
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** A table on the screen shows so many; the report and --json have all. */
const FAULTY_SHOWN_MAX = 20;

export async function send(tools: Tools, paths: readonly string[], flags: SendFlags): Promise<Ending> {
  const batches = batchesOf(await collect(paths));
  const { screen, client } = tools;
  const draw = (tally: Tally): void => screen.draw(stagesOf(tally).map(barOf));
  const sent = await dispatch({
    client,
    nip: flags.nip,
    batches,
    options: optionsOf(flags, tools.surroundings.signal),
    timeoutMs: flags.wait ? flags.timeout * 1000 : null,
    onTally: draw,
  });
  const tally =
    flags.wait && sent.failure === null ? await withReceipts(tools, sent, flags, draw) : sent.tally;
  screen.drawn();
  const faulty = flags.wait ? await allFaulty(tools, sent) : sent.refused;
  const ending = endingOf(flags, sent, tally);
  screen.tell({ ending, ...told(screen, flags, { ...sent, tally }, faulty) });
  return ending;
}

function optionsOf({ offline, urgent, onBehalf }: SendFlags, signal: AbortSignal) {
  return { offline: offline === true, urgent: urgent === true, onBehalf: onBehalf === true, signal };
}

async function withReceipts(
  { client, surroundings: { clock, pause, signal } }: Tools,
  { submissionIds, tally }: Dispatched,
  { timeout }: SendFlags,
  draw: (tally: Tally) => void,
): Promise<Tally> {
  const until = clock().getTime() + timeout * 1000;
  const isOver = (): boolean => signal.aborted || clock().getTime() >= until;
  const onCount = (receipts: number): void => draw({ ...tally, receipts });
  return { ...tally, receipts: await waitForReceipts({ client, submissionIds, pause, isOver, onCount }) };
}

async function allFaulty({ client }: Tools, { refused, submissionIds }: Dispatched): Promise<Faulty[]> {
  const faulty = [...refused];
  try {
    for (const id of submissionIds) for await (const one of settledBadly(client, id)) faulty.push(one);
  } catch (error) {
    failureOf(error); // Only a bug is thrown on: the summary is told with what is known.
  }
  return faulty;
}

function endingOf({ wait }: SendFlags, { failure }: Dispatched, tally: Tally): Ending {
  if (failure !== null) return failure.ending;
  if (!wait) return tally.refused === 0 ? 'done' : 'notAll';
  return isAllCleared(tally) ? 'done' : 'notAll';
}

function told(
  screen: Screen,
  { nip, wait }: SendFlags,
  { submissionIds, tally, failure }: Dispatched,
  faulty: readonly Faulty[],
): Omit<Told, 'ending'> {
  const { accepted, refused, byState, receipts } = tally;
  const lines = [
    ...summary(screen, tally, wait),
    ...table(screen, faulty),
    ...submissionIds.map((id) => screen.paint('dim', `submission ${id}`)),
  ];
  return {
    ...{ lines, failure },
    json: { nip, submissions: submissionIds, accepted, refused, byState, receipts, faulty },
  };
}

function summary(screen: Screen, { accepted, refused, byState, receipts }: Tally, wait: boolean): string[] {
  const counts = wait
    ? [...Object.entries(byState), ['refused', refused] as const, ['receipts', receipts] as const]
    : [['accepted', accepted] as const, ['refused', refused] as const];
  const rows = counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => [screen.paint(colourOf(state), state), String(count)]);
  return rows.length === 0 ? [] : [screen.table(['state', 'invoices'], rows)];
}

function colourOf(state: string): 'green' | 'red' | 'yellow' | 'bold' {
  if (state === 'cleared') return 'green';
  if (state === 'rejected' || state === 'refused') return 'red';
  return state === 'held' ? 'yellow' : 'bold';
}

function table(screen: Screen, faulty: readonly Faulty[]): string[] {
  if (faulty.length === 0) return [];
  const rows = faulty
    .slice(0, FAULTY_SHOWN_MAX)
    .map(({ fileName, invoiceNumber, state, reasons }) => [
      fileName ?? '',
      invoiceNumber ?? '',
      state,
      reasons.map(({ code, message }) => `${code}: ${message}`).join('; '),
    ]);
  const more = faulty.length - rows.length;
  return [
    '',
    screen.table(['file', 'number', 'state', 'why'], rows),
    ...(more > 0 ? [`and ${more} more: wsad report SUBMISSION`] : []),
    '',
  ];
}
