import type { Pool, PoolClient } from 'pg';
import type { RandomBytes } from './ids.ts';
import { beginning } from './opening-query.ts';
import type { Vault } from './vault.ts';

export interface Db {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly randomBytes: RandomBytes;
  /** The name of the address from which this process reaches KSeF. */
  readonly egress: string;
  /** Between two pieces of work on very many rows: whoever has the right of way goes first. */
  readonly giveWay: () => Promise<void>;
}

/** A connection inside a transaction. */
export type Tx = PoolClient;

const ATTEMPTS_MAX = 5;
/** deadlock_detected and serialization_failure: PostgreSQL undid the transaction, and it may simply be run again. */
const LOCK_CONFLICTS = new Set(['40P01', '40001']);

/** A server that takes no writes: the next connection may reach the one that does. */
const READ_ONLY = '25006';

/** A statement with a name that the client takes to be known there: its first time failed together with BEGIN. */
const STATEMENT_UNKNOWN = '26000';
/** Also what a kept plan meets whose columns were changed meanwhile, by a migration. */
const NOT_SUPPORTED = '0A000';
const PLAN_LOST = new Set([STATEMENT_UNKNOWN, NOT_SUPPORTED]);
/** After these a connection is of no use to the next. */
const BROKEN = new Set([READ_ONLY, ...PLAN_LOST]);

/**
 * Runs `work` in one transaction; a deadlock runs it again from the start, and so does what another connection may do. `settings`
 * hold for it alone.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: Tx) => Promise<T>,
  settings: readonly string[] = [],
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, work, settings);
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isWorthAgain(error)) throw error;
    }
  }
}

async function once<T>(pool: Pool, work: (tx: Tx) => Promise<T>, settings: readonly string[]): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    const { tx, begun } = beginning(client, settings);
    const result = await work(tx);
    const first = begun();
    if (first === null) return result;
    await first;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = BROKEN.has(codeOf(error));
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

export function ignore(): void {}

function isWorthAgain(error: unknown): boolean {
  return LOCK_CONFLICTS.has(codeOf(error)) || PLAN_LOST.has(codeOf(error));
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** data_corrupted and index_corrupted. */
const CORRUPTIONS = new Set(['XX001', 'XX002']);
/** internal_error: anything, also a quota that is used up. */
const INTERNAL = 'XX000';
/** PostgreSQL's source that gives out memory: it says so where a broken length asks for more than any value may take. */
const MEMORY_SOURCE = 'mcxt.c';

/** PostgreSQL finds what it has stored broken. A bad disk or memory, mostly; it says nothing of other rows. */
export function isCorruption(error: unknown): boolean {
  const code = codeOf(error);
  if (CORRUPTIONS.has(code)) return true;
  return code === INTERNAL && error instanceof Error && 'file' in error && error.file === MEMORY_SOURCE;
}

/** What `work` answers; null where it fails in a way that was to be expected: then it has done nothing, and `tx` goes on. */
export async function attempted<T>(
  tx: Tx,
  isExpected: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T | null> {
  await tx.query('SAVEPOINT attempted');
  const result = await work().catch(async (error: unknown) => {
    if (!isExpected(error)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT attempted');
    return null;
  });
  // Also once it was gone back to: what follows is no part of it.
  await tx.query('RELEASE SAVEPOINT attempted');
  return result;
}

/** in_failed_sql_transaction, in which no statement becomes known either: something else failed before, and is the cause. */
const FAILED_BEFORE = new Set(['25P02', STATEMENT_UNKNOWN]);

/**
 * What all of them answer. Some take several queries: where one fails the others are waited for as well, so that none goes
 * on asking once the transaction has ended and somebody else has the connection. Throws the cause, and not what fails
 * after it only because the transaction is over.
 */
export async function allOf<T extends readonly unknown[]>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(works);
  } catch (error) {
    const ends = await Promise.allSettled(works);
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    throw [error, ...reasons].find((reason) => !FAILED_BEFORE.has(codeOf(reason))) ?? error;
  }
}

/** Waits for the lock of this name; it ends with the transaction. */
export async function lockNamed(tx: Tx, name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}

/** PostgreSQL keeps no NUL and no half of a surrogate pair in text, and outside data may hold both. */
export function storable<T extends string | null>(text: T): T | string {
  return text === null ? text : text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** An array as PostgreSQL reads it. The client would make the same, element by element, in four times the time. */
export function arrayText(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value);
  return `"${/["\\]/.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
}

/** A value for a jsonb column. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
