/** What becomes of invoices under one fault of the emulator's catalogue: their ends, the calls it cost, how long it took. */
import { invoicesOf, newSeller } from './sellers.ts';
import { startVirtualPath, type VirtualPath } from './virtual-path.ts';

export const SHAPES = { batch: 6, interactive: 3 } as const;
export type Shape = keyof typeof SHAPES;

export interface Course {
  /** Invoices by state, held ones with their cause: `6 cleared`. */
  readonly outcome: string;
  /** Calls by operation, storage included. */
  readonly calls: ReadonlyMap<string, number>;
  /** From the acceptance to the last end, in KSeF's and wsad's own time. */
  readonly tookMs: number;
  /** 429s received. */
  readonly rateLimited: number;
  /** What must never be, and is; empty where all is well. */
  readonly broken: readonly string[];
}

/** Patience of a person who looks after the run in two days. */
const WITHIN_MS = 48 * 3_600_000;
const RESTING = new Set(['cleared', 'rejected', 'withdrawn', 'held']);

/** One seller's invoices from acceptance to rest, on a fresh ledger and a fresh KSeF. */
export async function courseUnder(fault: string | null, shape: Shape): Promise<Course> {
  const path = await startVirtualPath();
  try {
    const nip = newSeller();
    await path.putToken(nip, 'a-token');
    if (fault !== null) await path.emulator.control.faults.enable(fault);
    const beganAt = path.time.now();
    const accepted = await path.submit(
      nip,
      invoicesOf(nip, SHAPES[shape], 'F').map(({ xml }) => xml),
    );
    await path.rest(WITHIN_MS);
    const ids = accepted.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    return await tell(path, nip, ids, beganAt);
  } finally {
    await path.close();
  }
}

async function tell(path: VirtualPath, nip: string, ids: readonly string[], beganAt: Date): Promise<Course> {
  const invoices = (await Promise.all(ids.map((id) => path.ledger.invoice(id, 'all')))).filter(
    (invoice) => invoice !== null,
  );
  const counts = new Map<string, number>();
  for (const { state, holdCause } of invoices) {
    const end = holdCause === null ? state : `${state} (${holdCause})`;
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const ended = invoices.map(({ settledAt }) => settledAt?.getTime() ?? path.time.now().getTime());
  return {
    outcome: [...counts].map(([end, count]) => `${count} ${end}`).join(', '),
    calls: new Map(Object.entries(path.emulator.control.stats().calls)),
    tookMs: Math.max(...ended) - beganAt.getTime(),
    rateLimited: path.emulator.control.stats().rateLimited,
    broken: brokenPromises(path, nip, invoices),
  };
}

type Told = NonNullable<Awaited<ReturnType<VirtualPath['ledger']['invoice']>>>;

function brokenPromises(path: VirtualPath, nip: string, invoices: readonly Told[]): string[] {
  const registered = path.emulator.control.registry().filter((entry) => entry.nip === nip);
  const twice = registered.length - new Set(registered.map(({ number }) => number)).size;
  const unproven = invoices.filter(
    ({ state, sha256, ksefNumber }) =>
      state === 'cleared' &&
      !registered.some((entry) => entry.sha256 === sha256 && entry.ksefNumber === ksefNumber),
  );
  const stuck = invoices.filter(({ state }) => !RESTING.has(state));
  return [
    ...(twice > 0 ? [`${twice} registered twice`] : []),
    ...(unproven.length > 0 ? [`${unproven.length} cleared without KSeF's number for their hash`] : []),
    ...(stuck.length > 0 ? [`${stuck.length} stuck in ${stuck.map(({ state }) => state).join(', ')}`] : []),
  ];
}

/** `+2 GET /sessions/{ref}`: what a course cost beyond one without a fault. */
export function extraCalls(course: Course, calm: Course): string {
  const extra = [...course.calls].flatMap(([operation, calls]) => {
    const more = calls - (calm.calls.get(operation) ?? 0);
    return more > 0 ? [`${more} ${shortened(operation)}`] : [];
  });
  return extra.length === 0 ? 'none' : extra.sort().join(', ');
}

function shortened(operation: string): string {
  return operation
    .replaceAll('{referenceNumber}', '{ref}')
    .replace('/security/public-key-certificates', '/public-keys');
}
