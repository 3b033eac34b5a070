/**
 * Work on a large session keeps the event loop and the database busy for a second or more. In one process it takes turns,
 * one of a kind at a time, so that the many steps of a small session never wait behind a crowd of large ones; and few
 * stand in line, so that they do not take the places of small sessions meanwhile. On one core more at once would be no
 * faster.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { World } from './ports.ts';

/** About what is packed, or settled, within a tenth of a second. */
const LARGE_INVOICES = 500;
const AT_ONCE = 1;
const IN_LINE_MAX = 4;

export type LargeWork = 'packaging' | 'settling';

const linesByWorld = new WeakMap<World, Record<LargeWork, LimitFunction>>();

/** What `work` answers, in its turn; null where the line is too long: then it is better tried later. */
export async function largeInTurn<T>(
  world: World,
  kind: LargeWork,
  invoices: number,
  work: () => Promise<T>,
): Promise<T | null> {
  if (invoices <= LARGE_INVOICES) return await work();
  const line = linesOf(world)[kind];
  return line.pendingCount < IN_LINE_MAX ? await line(work) : null;
}

function linesOf(world: World): Record<LargeWork, LimitFunction> {
  const known = linesByWorld.get(world) ?? { packaging: pLimit(AT_ONCE), settling: pLimit(AT_ONCE) };
  linesByWorld.set(world, known);
  return known;
}
