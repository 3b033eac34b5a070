/** What tells that a disk is in trouble: PostgreSQL's, or the one of our own files. Nothing mends that but a person. */
import type { EmitEvent } from './events.ts';

export interface DiskFailure {
  readonly disk: 'ledger' | 'files';
  readonly why: 'full' | 'broken';
}

/** PostgreSQL's codes (disk_full, io_error) and Node's; a file system that met errors becomes one that is only read. */
const FAILURES: Readonly<Record<string, DiskFailure>> = {
  '53100': { disk: 'ledger', why: 'full' },
  '58030': { disk: 'ledger', why: 'broken' },
  ENOSPC: { disk: 'files', why: 'full' },
  EDQUOT: { disk: 'files', why: 'full' },
  EIO: { disk: 'files', why: 'broken' },
  EROFS: { disk: 'files', why: 'broken' },
};

/** Null where it is about no disk. Also what lies beneath an error is looked at. */
export function diskFailureOf(error: unknown): DiskFailure | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const beneath = error instanceof AggregateError ? [...error.errors, error.cause] : [error.cause];
  return FAILURES[code] ?? beneath.map(diskFailureOf).reduce((first, other) => first ?? other, null);
}

/** Tells of a disk in trouble where the error is about one. */
export function tellDiskFailure(emit: EmitEvent, error: unknown): void {
  const failure = diskFailureOf(error);
  if (failure !== null) emit({ type: 'disk.failed', ...failure, message: messageOf(error) });
}

/** A job, or a round of a loop, that failed and is done again later. */
export function tellJobFailure(emit: EmitEvent, queue: string, error: unknown): void {
  emit({ type: 'job.failed', queue, message: messageOf(error) });
  tellDiskFailure(emit, error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
