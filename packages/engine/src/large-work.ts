/**
 * Work on a large session keeps a core, and mostly the database, busy for half a second. In one process it takes turns, one
 * at a time whatever its kind, so that the many steps of a small session always find a core that is free or soon will be.
 * Nobody keeps the turn while KSeF is asked. Few of a kind stand in line, so that they do not take the places of small
 * sessions meanwhile. On two cores more at once is no faster; where there are more, more processes go side by side.
 */
import { betweenSteps, PIECE_ROWS } from '@wsad/domain';
import pLimit, { type LimitFunction } from 'p-limit';
import { byWorld } from './by-world.ts';
import type { World } from './ports.ts';

const AT_ONCE = 1;
/** So that some go on while KSeF takes its time over what others ask, which may be minutes. */
const SETTLEMENTS_AT_ONCE = 4;
const IN_LINE_MAX = 4;

/** `sending` is packing a session, and writing down that it is closed. */
export type LargeWork = 'claiming' | 'sending' | 'settling';

/** More than one piece, which is claimed, packed or settled within a tenth of a second: what gives way is large, and nothing else. */
export function isLarge(invoices: number): boolean {
  return invoices > PIECE_ROWS;
}

interface Line {
  readonly turn: LimitFunction;
  /** How many of each kind are at it or in line. */
  readonly inHand: Map<LargeWork, number>;
  readonly settlements: LimitFunction;
}

const lineOf = byWorld(
  (): Line => ({ turn: pLimit(AT_ONCE), inHand: new Map(), settlements: pLimit(SETTLEMENTS_AT_ONCE) }),
);

/** What `work` answers, in its turn; null where too many of its kind are in line: then it is better tried later. */
export async function largeInTurn<T>(
  world: World,
  kind: LargeWork,
  invoices: number,
  work: () => Promise<T>,
): Promise<T | null> {
  const { inHand } = lineOf(world);
  const inLine = (inHand.get(kind) ?? 0) - AT_ONCE;
  if (isLarge(invoices) && inLine >= IN_LINE_MAX) return null;
  return await largeInTurnAnyway(world, kind, invoices, work);
}

/** However many are in line: for what has to be written down as soon as it may. */
export async function largeInTurnAnyway<T>(
  world: World,
  kind: LargeWork,
  invoices: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!isLarge(invoices)) return await work();
  const { turn, inHand } = lineOf(world);
  inHand.set(kind, (inHand.get(kind) ?? 0) + 1);
  try {
    return await turn(async () => {
      await world.rightOfWay.giveWay();
      return await work();
    });
  } finally {
    inHand.set(kind, (inHand.get(kind) ?? 0) - 1);
  }
}

/**
 * A settlement from asking KSeF to the last word, in which all of the session is held in memory: its large work takes its
 * turn within. Null where too many are in line.
 */
export async function largeSettlement<T>(
  world: World,
  invoices: number,
  work: () => Promise<T>,
): Promise<T | null> {
  if (!isLarge(invoices)) return await work();
  const { settlements } = lineOf(world);
  return settlements.pendingCount < IN_LINE_MAX ? await settlements(work) : null;
}

/**
 * Large work stands meanwhile where what is done is for a small session, unless it calls `large` (right-of-way.ts). `sessionId`:
 * of the session whose next step this is.
 */
export async function smallFirst<T>(
  world: World,
  invoices: number,
  work: (large: () => void) => Promise<T>,
  sessionId?: string,
): Promise<T> {
  return isLarge(invoices) ? await work(() => undefined) : await world.rightOfWay.first(work, sessionId);
}

/** Large work stands as well until the small session's next step begins, which is about to be rung for. */
export function expectNext(world: World, sessionId: string, invoices: number): void {
  if (!isLarge(invoices)) world.rightOfWay.expect(sessionId);
}

/** Between two steps that each go through all of a session: for a large one others have their turn. */
export async function breathe(
  world: World,
  { invoiceCount }: { readonly invoiceCount: number },
): Promise<void> {
  await betweenSteps(invoiceCount, world.rightOfWay.giveWay);
}
