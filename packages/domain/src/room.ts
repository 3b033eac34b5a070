/**
 * How many sessions a seller may begin now: the free places in its windows, less those that sessions under way still
 * need. Claiming no more than this lets a lane gather while the budget is short, and no session waits to be closed.
 */
import {
  chargesFor,
  earliestCallAt,
  type KsefOperation,
  presumedAnswered,
  type RateLimits,
  type SlidingWindow,
  type Slot,
} from './limits.ts';
import {
  gathered,
  lastsAt,
  later,
  type Spacing,
  type SpacingOfFew,
  slower,
  spacingOf,
  unreservedAt,
} from './spacing.ts';

/** Shorter windows are not planned for: the pacer waits them out. */
const PLANNED_WINDOW_MS = 60_000;
/** When a place is bound by a session under way, it is looked at again after so long. */
const LOOK_AGAIN_MS = 1_000;
/** Demand is what went within the last hour, or within these minutes where that was more. */
const DEMAND_WINDOWS_MS = [600_000, 3_600_000];
/** A batch holds more than this many; how many it held is not known here. */
const INVOICES_PER_BATCH = 6;
/** More than so many go as a batch; it is told for each number up to this one when there are sends for it. */
const FEW = [1, 2, 3, 4, 5];

export interface Room {
  readonly batch: KindRoom;
  readonly interactive: KindRoom & { readonly spacing: SpacingOfFew };
}

export interface KindRoom {
  /** Sessions that may begin now. */
  readonly sessions: number;
  /** Invoices that may be sent in them, one call each; a batch has no such bound. */
  readonly sends: number;
  /** When to look again where there is none. */
  readonly freeAt: Date;
  /** How far sessions keep apart. */
  readonly spacing: Spacing;
}

/** Sessions of the seller that have begun here and still need calls. */
export interface UnderWay {
  readonly claimed: number;
  /** When the last of those was claimed; just now, where nobody says. */
  readonly claimedAt?: Date | null;
  /** Opened and not closed. */
  readonly opened: number;
  /** Invoices that are still to be sent in them. */
  readonly sends: number;
}

export interface BudgetUse {
  readonly limits: RateLimits;
  /** Calls charged to each counter of the seller that are under way, or were answered within the last hour. */
  readonly charged: ReadonlyMap<string, readonly Slot[]>;
  readonly batch: UnderWay;
  readonly interactive: UnderWay;
}

export function roomOf(now: Date, told: BudgetUse): Room {
  const charged = [...told.charged].map(
    ([counter, slots]) => [counter, slots.map((slot) => presumedAnswered(now, slot))] as const,
  );
  const use = { ...told, charged: new Map(charged) };
  const sends = free(now, use, 'sendInvoice', promised(use.interactive.sends));
  const interactive = kindRoom(now, use, 'openOnline', 'closeOnline', use.interactive);
  return {
    batch: { ...kindRoom(now, use, 'openBatch', 'closeBatch', use.batch), sends: Number.POSITIVE_INFINITY },
    interactive: {
      sessions: interactive.sessions,
      sends: Math.max(0, sends.places - use.interactive.sends),
      freeAt: later(interactive.freeAt, sends.freeAt),
      spacing: {
        ...interactive.spacing,
        unreservedAt: later(interactive.spacing.unreservedAt, sends.spacing.unreservedAt),
        together: gathered(interactive.spacing, demandPerMs(now, use), sends.spacing),
        unreservedSends: sends.spacing.unreserved,
        sendWorthMs: sends.spacing.apartMs,
        sends: FEW.map((count) => ({
          unreservedAt: unreservedAt(now, sends.charged, sends.windows, count),
          lastAt: lastsAt(now, sends.charged, sends.windows, count),
        })),
      },
    },
  };
}

function kindRoom(
  now: Date,
  use: BudgetUse,
  open: KsefOperation,
  close: KsefOperation,
  { claimed, opened, claimedAt }: UnderWay,
): Omit<KindRoom, 'sends'> {
  const shared = counterOf(use, open) === counterOf(use, close);
  const begins = promised(claimed, claimedAt ?? undefined);
  const ends = promised(opened);
  const opens = shared
    ? free(now, use, open, [...begins, ...begins, ...ends], { takes: 2, closing: opened })
    : free(now, use, open, begins);
  const closes = shared ? opens : free(now, use, close, [...begins, ...ends], { closing: opened });
  const sessions = shared
    ? Math.floor((opens.places - opened) / 2) - claimed
    : Math.min(opens.places - claimed, closes.places - claimed - opened);
  return {
    sessions: Math.max(0, sessions),
    freeAt: later(opens.freeAt, closes.freeAt),
    spacing: slower(opens.spacing, closes.spacing),
  };
}

function counterOf(use: BudgetUse, operation: KsefOperation): string | undefined {
  return chargesFor(operation, use.limits)[0]?.counter;
}

interface Free {
  readonly places: number;
  readonly freeAt: Date;
  readonly spacing: Spacing;
  /** What is counted, with what has been promised, and by which windows. */
  readonly charged: readonly Slot[];
  readonly windows: readonly SlidingWindow[];
}

/** Calls that sessions under way are still going to make. */
function promised(calls: number, begunAt?: Date): Slot[] {
  const slot = begunAt === undefined ? { answeredAt: null } : { answeredAt: null, begunAt };
  return Array.from({ length: calls }, () => slot);
}

/** Free places in every window of the call's own group, when there is one more, and how far apart to keep. */
function free(
  now: Date,
  use: BudgetUse,
  operation: KsefOperation,
  promises: readonly Slot[],
  session: { takes?: number; closing?: number } = {},
): Free {
  const [charge] = chargesFor(operation, use.limits);
  const windows = (charge?.windows ?? []).filter(({ lengthMs }) => lengthMs >= PLANNED_WINDOW_MS);
  const made = use.charged.get(charge?.counter ?? '') ?? [];
  const places = windows.map(({ lengthMs, calls }) => calls - within(now, lengthMs, made));
  const earliest = earliestCallAt(now, made, windows).getTime();
  const charged = [...made, ...promises];
  return {
    places: Math.max(0, Math.min(...places, Number.MAX_SAFE_INTEGER)),
    freeAt: new Date(Math.max(earliest, now.getTime() + LOOK_AGAIN_MS)),
    spacing: spacingOf(now, charged, windows, session),
    charged,
    windows,
  };
}

/** How many invoices come, by the calls that took them to KSeF. */
function demandPerMs(now: Date, use: BudgetUse): number {
  const callsPerBatch = counterOf(use, 'openBatch') === counterOf(use, 'closeBatch') ? 2 : 1;
  const of = (operation: KsefOperation) => use.charged.get(counterOf(use, operation) ?? '') ?? [];
  const rates = DEMAND_WINDOWS_MS.map((lengthMs) => {
    const batches = within(now, lengthMs, of('openBatch')) / callsPerBatch;
    return (within(now, lengthMs, of('sendInvoice')) + INVOICES_PER_BATCH * batches) / lengthMs;
  });
  return Math.max(...rates);
}

function within(now: Date, lengthMs: number, charged: readonly Slot[]): number {
  const since = now.getTime() - lengthMs;
  return charged.filter(({ answeredAt }) => answeredAt === null || answeredAt.getTime() > since).length;
}
