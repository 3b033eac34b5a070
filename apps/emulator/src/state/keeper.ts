/**
 * Keeps the memory in a folder. Saved is what stands between two turns of the event loop: what is done without waiting
 * for anything outside is kept as a whole or not at all.
 */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Documents } from '../processing/documents.ts';
import { entriesOf, restore } from './entries.ts';
import { createJournal, readJournal, type WrittenEntry, written } from './journal.ts';
import type { Memory } from './memory.ts';

export type Keeper = {
  /** Resolves when everything up to now is written: it survives the end of the process, though not of the machine. */
  save(): Promise<void>;
  close(): Promise<void>;
};

/** Fills the memory with what was kept. */
export async function recall(folder: string, memory: Memory): Promise<void> {
  for (const entry of await readJournal(folder)) restore(memory, entry);
  await removeLeftovers(folder, memory);
}

export async function createKeeper(folder: string, memory: Memory, documents: Documents): Promise<Keeper> {
  const journal = createJournal(folder);
  const changes = createChanges(memory);
  let saving: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  /** Whoever asks while a save is under way shares the next one. */
  function save(): Promise<void> {
    if (next === null) {
      next = saving.then(write);
      saving = next;
    }
    return next;
  }

  async function write(): Promise<void> {
    await nextTurn();
    next = null;
    if (journal.isLong()) return rewrite();
    const changed = changes.take();
    if (changed.length === 0) return;
    await documents.flush();
    await journal.append(changed);
  }

  async function rewrite(): Promise<void> {
    changes.forget();
    const everything = changes.take();
    await documents.flush();
    await journal.replace(everything);
  }

  await rewrite();
  return {
    save,
    async close() {
      await save();
      await journal.close();
    },
  };
}

type Changes = {
  /** Every entry that changed since they were last taken. */
  take(): WrittenEntry[];
  /** Everything counts as changed again. */
  forget(): void;
};

function createChanges(memory: Memory): Changes {
  const taken = new Map<string, WrittenEntry>();
  const past = new Set<object>();

  function take(): WrittenEntry[] {
    const changed: WrittenEntry[] = [];
    for (const { entry, place, settled } of entriesOf(memory, past)) {
      const now = written(entry);
      if (now !== taken.get(place)) changed.push(now);
      taken.set(place, now);
      if (settled !== null) putAside(place, settled);
    }
    return changed;
  }

  function putAside(place: string, settled: object): void {
    taken.delete(place);
    past.add(settled);
  }

  function forget(): void {
    taken.clear();
    past.clear();
  }

  return { take, forget };
}

/** Parts and archives that were being written when the emulator ended; all are named after a session or an export. */
async function removeLeftovers(folder: string, memory: Memory): Promise<void> {
  const wanted = new Set(filesOf(memory));
  const names = (await readdir(folder)).filter((name) => /^\d{8}-(SB|EH)-/.test(name) && !wanted.has(name));
  await Promise.all(names.map((name) => rm(path.join(folder, name))));
}

function* filesOf({ sessions, exports }: Memory): Generator<string> {
  for (const session of sessions.values()) {
    if (session.kind === 'Batch') for (const { file } of session.stored.values()) yield file;
  }
  for (const { package: made } of exports.values()) for (const { file } of made?.parts ?? []) yield file;
}
