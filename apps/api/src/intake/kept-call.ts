/**
 * What is kept of a call while it comes in: all of it while it is small. Of a larger one only what its answer needs is held,
 * and the rest lies staged in the ledger, so that the API's memory does not grow with the call.
 */
import type { IntakeInvoice } from '@wsad/domain';
import type { CheckedEntry } from './check-entries.ts';
import { goodOf, type KeptEntry, keptOf, type WholeCall } from './submission.ts';

/** A call beyond either is staged. Below, writing every row once is cheaper than writing it twice. */
const HELD_INVOICES_MAX = 1_000;
const HELD_BYTES_MAX = 4_000_000;

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

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Takes checked entries in any order; they are put where they belong when it resolves. */
  async take(entries: readonly CheckedEntry[]): Promise<void> {
    for (const entry of entries) {
      this.#held.push(entry);
      this.#heldBytes += entry.deflated.byteLength;
    }
    const isSmall = this.#held.length <= HELD_INVOICES_MAX && this.#heldBytes <= HELD_BYTES_MAX;
    if (this.#stageId === null && isSmall) return;
    this.#stageId ??= this.#stage.newId();
    const staged = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const entry of staged) this.#kept.push(keptOf(entry));
    await this.#stage.put(this.#stageId, goodOf(staged));
  }

  /** All that was taken, in the order of the call. */
  whole(): WholeCall {
    if (this.#stageId === null) return { entries: inOrder(this.#held) };
    return { entries: inOrder(this.#kept), stageId: this.#stageId };
  }

  /** Whatever became of the call, nothing of it is needed any more. What stays behind all the same goes with time. */
  drop(): void {
    if (this.#stageId !== null) void this.#stage.drop(this.#stageId).catch(() => {});
  }
}

function inOrder<E extends KeptEntry>(entries: readonly E[]): E[] {
  return entries.toSorted((left, right) => left.position - right.position);
}
