/** The memory taken apart into entries, of which each is kept by itself, and put together from them again. */
import type { InvoiceRecord, Session } from '../sessions/model.ts';
import type { Memory } from './memory.ts';

/** Parts of many entries, none of which is ever taken out; every other part is one entry. */
const parts = ['logins', 'ksefTokens', 'registered', 'exports'] as const;

type ManyPart = (typeof parts)[number];
type WholePart = Exclude<keyof Memory, ManyPart | 'sessions'>;

/** A session is kept without its invoices, which are entries by `session/ordinal number`. */
export type Entry =
  | { part: WholePart; value: unknown }
  | { part: ManyPart; key: string; value: unknown }
  | { part: 'sessions'; key: string; value: Session }
  | { part: 'invoices'; key: string; value: InvoiceRecord };

/** A settled entry never changes again: it need not be looked at twice. */
export type HeldEntry = { place: string; isSettled: boolean; entry: Entry };

export function* entriesOf(memory: Memory): Generator<HeldEntry> {
  for (const part of wholeParts(memory)) yield held({ part, value: memory[part] }, part, false);
  for (const part of parts) {
    for (const [key, value] of memory[part]) {
      yield held({ part, key, value }, `${part} ${key}`, part === 'registered');
    }
  }
  for (const session of memory.sessions.values()) yield* entriesOfSession(session);
}

/** Of ten thousand invoices most are settled long before their session is. */
function* entriesOfSession(session: Session): Generator<HeldEntry> {
  const { referenceNumber: key, status, invoices } = session;
  const value = { ...session, invoices: [] };
  yield held({ part: 'sessions', key, value }, key, status.code >= 200);
  for (const record of invoices) {
    const place = `${key}/${record.ordinalNumber}`;
    const isSettled = record.verdict.code >= 200 && record.waiting === null;
    yield held({ part: 'invoices', key: place, value: record }, place, isSettled);
  }
}

function held(entry: Entry, place: string, isSettled: boolean): HeldEntry {
  return { entry, place, isSettled };
}

function wholeParts(memory: Memory): WholePart[] {
  const many: readonly string[] = [...parts, 'sessions'];
  return Object.keys(memory).filter((name): name is WholePart => !many.includes(name));
}

/** Puts a kept entry into the memory, in place of an earlier one. */
export function restore(memory: Memory, entry: Entry): void {
  if (entry.part === 'sessions') restoreSession(memory, entry.value);
  else if (entry.part === 'invoices') restoreInvoice(memory, entry.key, entry.value);
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
