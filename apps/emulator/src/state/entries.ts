/** The memory taken apart into entries, of which each is kept by itself, and put together from them again. */
import type { RegisteredInvoice } from '../processing/registry.ts';
import type { InvoiceRecord, Session } from '../sessions/model.ts';
import type { Memory } from './memory.ts';

/** Parts of many entries, none of which is ever taken out; every other part is one entry. */
const parts = ['logins', 'ksefTokens', 'exports'] as const;

type ManyPart = (typeof parts)[number];
type WholePart = Exclude<keyof Memory, ManyPart | 'registered' | 'sessions'>;

/** An accepted invoice goes by its place; a session goes without its invoices, which go by `session/ordinal number`. */
export type Entry =
  | { part: WholePart; value: unknown }
  | { part: ManyPart; key: string; value: unknown }
  | { part: 'registered'; key: number; value: RegisteredInvoice }
  | { part: 'sessions'; key: string; value: Session }
  | { part: 'invoices'; key: string; value: InvoiceRecord };

/** Where an entry stands; and what it was made from, where that has come to its end and never changes again. */
export type HeldEntry = { entry: Entry; place: string; settled: object | null };

/** All entries but those made from what is past. */
export function* entriesOf(memory: Memory, past: ReadonlySet<object>): Generator<HeldEntry> {
  for (const part of wholeParts(memory))
    yield { entry: { part, value: memory[part] }, place: part, settled: null };
  for (const part of parts) {
    for (const [key, value] of memory[part]) {
      yield { entry: { part, key, value }, place: `${part} ${key}`, settled: null };
    }
  }
  yield* latestRegistered(memory.registered, past);
  for (const session of memory.sessions.values())
    if (!past.has(session)) yield* entriesOfSession(session, past);
}

/** From the last one back to what is past: of a hundred thousand only the new ones are looked at. */
function* latestRegistered(
  all: readonly RegisteredInvoice[],
  past: ReadonlySet<object>,
): Generator<HeldEntry> {
  for (let key = all.length - 1; key >= 0; key -= 1) {
    const value = all[key];
    if (value === undefined || past.has(value)) return;
    yield { entry: { part: 'registered', key, value }, place: `registered ${key}`, settled: value };
  }
}

/** Invoices are settled long before their session is, and all of them when it is. */
function* entriesOfSession(session: Session, past: ReadonlySet<object>): Generator<HeldEntry> {
  const { referenceNumber: key, status, invoices } = session;
  const value = { ...session, invoices: [] };
  yield { entry: { part: 'sessions', key, value }, place: key, settled: status.code >= 200 ? session : null };
  for (const record of invoices) {
    if (past.has(record)) continue;
    const place = `${key}/${record.ordinalNumber}`;
    const isSettled = record.verdict.code >= 200 && record.waiting === null;
    yield {
      entry: { part: 'invoices', key: place, value: record },
      place,
      settled: isSettled ? record : null,
    };
  }
}

function wholeParts(memory: Memory): WholePart[] {
  const many: readonly string[] = [...parts, 'registered', 'sessions'];
  return Object.keys(memory).filter((name): name is WholePart => !many.includes(name));
}

/** Puts a kept entry into the memory, in place of an earlier one. */
export function restore(memory: Memory, entry: Entry): void {
  if (entry.part === 'sessions') restoreSession(memory, entry.value);
  else if (entry.part === 'invoices') restoreInvoice(memory, entry.key, entry.value);
  else if (entry.part === 'registered') memory.registered[entry.key] = entry.value;
  else if (!('key' in entry)) Reflect.set(memory, entry.part, entry.value);
  else {
    const many: unknown = memory[entry.part];
    if (many instanceof Map) many.set(entry.key, entry.value);
  }
}

function restoreSession({ sessions }: Memory, session: Session): void {
  const invoices = sessions.get(session.referenceNumber)?.invoices ?? [];
  sessions.set(session.referenceNumber, { ...session, invoices });
}

function restoreInvoice({ sessions }: Memory, key: string, record: InvoiceRecord): void {
  const session = sessions.get(key.split('/')[0] ?? '');
  if (session !== undefined) session.invoices[record.ordinalNumber - 1] = record;
}
