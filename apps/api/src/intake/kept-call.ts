/**
 * What is kept of a call while it comes in: all of it while it is small. Of a larger one only what its answer needs is held,
 * and the rest lies staged in the ledger, so that the API's memory does not grow with the call.
 */
import type { IntakeInvoice } from '@wsad/domain';
import type { CheckedEntry, EntryFault } from './check-entries.ts';
import { goodOf, type KeptEntry, keptOf, type WholeCall } from './submission.ts';

interface Size {
  readonly invoices: number;
  readonly bytes: number;
}

/** A call beyond either is staged: below, writing everything once is cheaper than writing it twice. */
const HELD_MAX: Size = { invoices: 1_000, bytes: 4_000_000 };
/** Once it is, it goes in parts that are as large as either. */
const PART: Size = { invoices: 500, bytes: 1_000_000 };

/** An invoice that is wrong as a whole has fifty faults, and a call 20,000 invoices: beyond so many, not all are told of each. */
const FAULTS_MAX = 20_000;
const FAULTS_EACH = 3;
const MORE_FAULTS: EntryFault = {
  code: 'MORE_SCHEMA_FAULTS',
  message: 'There are more faults: the call has too many to list all. Mend those listed and check again.',
  line: null,
};

/** Where invoices lie until their call is whole. */
export interface Stage {
  newId(): string;
  put(stageId: string, invoices: readonly IntakeInvoice[]): Promise<void>;
  drop(stageId: string): Promise<void>;
}

export class KeptCall {
  readonly #stage: Stage;
  #stageId: string | null = null;
  #held: CheckedEntry[] = [];
  #heldBytes = 0;
  readonly #kept: KeptEntry[] = [];
  #keptFaults = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Takes checked entries in any order, and resolves when there is room for more. */
  async take(entries: readonly CheckedEntry[]): Promise<void> {
    for (const entry of entries) {
      this.#held.push(entry);
      this.#heldBytes += entry.deflated.byteLength;
    }
    if (this.#holdsMoreThan(this.#stageId === null ? HELD_MAX : PART)) {
      this.#stageId ??= this.#stage.newId();
      await this.#putHeld(this.#stageId);
    }
  }

  /** All that was taken, in the order of the call. */
  async whole(): Promise<WholeCall> {
    if (this.#stageId === null) return { entries: inOrder(this.#held) };
    await this.#putHeld(this.#stageId);
    return { entries: inOrder(this.#kept), stageId: this.#stageId };
  }

  /** Whatever became of the call, what is staged of it is not needed any more; should it stay behind, time takes it. */
  drop(): void {
    if (this.#stageId !== null) void this.#stage.drop(this.#stageId).catch(() => {});
  }

  #holdsMoreThan({ invoices, bytes }: Size): boolean {
    return this.#held.length > invoices || this.#heldBytes > bytes;
  }

  async #putHeld(stageId: string): Promise<void> {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const entry of held) this.#keep(keptOf(entry));
    await this.#stage.put(stageId, goodOf(held));
  }

  #keep(entry: KeptEntry): void {
    const faults = this.#keptFaults > FAULTS_MAX ? theFirst(entry.faults) : entry.faults;
    this.#kept.push({ ...entry, faults });
    this.#keptFaults += faults.length;
  }
}

function theFirst(faults: readonly EntryFault[]): readonly EntryFault[] {
  return faults.length <= FAULTS_EACH + 1 ? faults : [...faults.slice(0, FAULTS_EACH), MORE_FAULTS];
}

function inOrder<E extends KeptEntry>(entries: readonly E[]): E[] {
  return entries.toSorted((left, right) => left.position - right.position);
}
