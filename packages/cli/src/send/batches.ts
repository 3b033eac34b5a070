/** Which files go in one call: so many that calls are few, so few that each is answered soon and held in memory. */
import { type FoundFile, isArchive } from './collect.ts';

export interface BatchBounds {
  readonly filesMax: number;
  readonly bytesMax: number;
}

export const BATCH_BOUNDS: BatchBounds = { filesMax: 2_000, bytesMax: 32 * 1024 * 1024 };

/** Keeps the order. An archive is a call of its own, and so is a file that is larger than all bounds. */
export function batchesOf<File extends Pick<FoundFile, 'name' | 'sizeBytes'>>(
  files: readonly File[],
  { filesMax, bytesMax }: BatchBounds = BATCH_BOUNDS,
): File[][] {
  const batches: File[][] = [];
  let open: File[] = [];
  let openBytes = 0;
  for (const file of files) {
    const isAlone = isArchive(file.name);
    const isFull = open.length >= filesMax || openBytes + file.sizeBytes > bytesMax;
    if (open.length > 0 && (isAlone || isFull)) {
      batches.push(open);
      open = [];
      openBytes = 0;
    }
    if (isAlone) batches.push([file]);
    else {
      open.push(file);
      openBytes += file.sizeBytes;
    }
  }
  return open.length > 0 ? [...batches, open] : batches;
}
