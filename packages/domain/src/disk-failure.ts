/** What tells that a disk is in trouble: PostgreSQL's, or the one of our own files. Nothing mends that but a person. */
import type { EmitEvent } from './events.ts';

export interface DiskFailure {
  readonly disk: 'ledger' | 'files';
  readonly why: 'full' | 'broken';
}

const LEDGER_FULL: DiskFailure = { disk: 'ledger', why: 'full' };
const LEDGER_BROKEN: DiskFailure = { disk: 'ledger', why: 'broken' };
const FILES_FULL: DiskFailure = { disk: 'files', why: 'full' };
const FILES_BROKEN: DiskFailure = { disk: 'files', why: 'broken' };

/** PostgreSQL's codes (disk_full, io_error) and Node's; a file system that met errors becomes one that is only read. */
const FAILURES: ReadonlyMap<unknown, DiskFailure> = new Map([
  ['53100', LEDGER_FULL],
  ['58030', LEDGER_BROKEN],
  ['ENOSPC', FILES_FULL],
  ['EDQUOT', FILES_FULL],
  ['EIO', FILES_BROKEN],
  ['EROFS', FILES_BROKEN],
]);

/** insufficient_privilege: of a role mostly, but also what PostgreSQL makes of a file that the system lets it not open or write. */
const NOT_ALLOWED = '42501';
/** Those of PostgreSQL's sources that open and write its files; none of them looks at what a role may do. */
const FILE_SOURCES: ReadonlySet<unknown> = new Set(['md.c', 'fd.c', 'xlog.c', 'slru.c', 'buffile.c']);
/** internal_error: also what PostgreSQL makes of a quota, for which it knows no code. */
const INTERNAL = 'XX000';
/** Where it makes a table's file longer; what else may go wrong there has a code of its own. */
const EXTENDING: ReadonlySet<unknown> = new Set(['mdextend', 'mdzeroextend']);

/** Null where it is about no disk. Also what lies beneath an error is looked at, each once: errors may name each other. */
export function diskFailureOf(error: unknown): DiskFailure | null {
  const seen = new Set([error]);
  for (const one of seen) {
    if (!(one instanceof Error)) continue;
    const failure = failureOf(one);
    if (failure !== null) return failure;
    if (one instanceof AggregateError) for (const part of one.errors) seen.add(part);
    seen.add(one.cause);
  }
  return null;
}

function failureOf(error: Error & { code?: unknown; file?: unknown; routine?: unknown }): DiskFailure | null {
  const { code, file, routine } = error;
  if (code === NOT_ALLOWED && FILE_SOURCES.has(file)) return LEDGER_BROKEN;
  if (code === INTERNAL && EXTENDING.has(routine)) return LEDGER_FULL;
  return FAILURES.get(code) ?? null;
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

/** What an error says, or whatever else was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
