/** Cuts the tar of invoices into slices, by what their names and sizes say: nothing is unpacked for it. */
import { WINDOW_BYTES } from '@wsad/deflate';
import type { ArchiveEntry } from './entries.ts';
import { BLOCK_BYTES } from './slice.ts';
import { TAR_END_BYTES, tarEntryBytes } from './tar.ts';

/** The least of a slice: handing it over costs little against it, and the threads end at nearly the same time. */
const SLICE_BYTES = 2 * BLOCK_BYTES;

/** The most, but for what its last invoice adds. */
const SLICE_BYTES_MAX = 4 * BLOCK_BYTES;

/** What lies around a border is unpacked for both slices: no more than this of one, unless it is as long as may be. */
const UNPACKED_TWICE_MAX = 1 / 4;

/** A piece of the tar and the invoices that it takes, with the window before it. */
export interface TarSlice {
  readonly entries: readonly ArchiveEntry[];
  /** Of the tar of these invoices, in which the slice begins and ends at: */
  readonly tarBytes: number;
  readonly from: number;
  readonly to: number;
}

interface LaidEntry {
  readonly entry: ArchiveEntry;
  readonly from: number;
  readonly to: number;
}

export async function* slicesOf(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<TarSlice> {
  let laid: LaidEntry[] = [];
  let [from, end] = [0, 0];
  for await (const entry of entries) {
    const to = end + tarEntryBytes(entry.name, entry.sizeBytes);
    laid.push({ entry, from: end, to });
    end = to;
    const border = end - (end % BLOCK_BYTES);
    if (border - from < SLICE_BYTES) continue;
    const around = laid.filter((one) => one.to > border - WINDOW_BYTES);
    if (!mayEnd(border - from, around, end)) continue;
    yield slice(laid, { from, to: border, end });
    [laid, from] = [around, border];
  }
  end += TAR_END_BYTES;
  yield slice(laid, { from, to: end, end });
}

function mayEnd(sliceBytes: number, around: readonly LaidEntry[], end: number): boolean {
  const twiceBytes = end - (around[0]?.from ?? end);
  return twiceBytes <= sliceBytes * UNPACKED_TWICE_MAX || sliceBytes >= SLICE_BYTES_MAX;
}

function slice(
  laid: readonly LaidEntry[],
  { from, to, end }: { from: number; to: number; end: number },
): TarSlice {
  const start = laid[0]?.from ?? 0;
  return {
    entries: laid.map(({ entry }) => entry),
    tarBytes: end - start,
    from: from - start,
    to: to - start,
  };
}
