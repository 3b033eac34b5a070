/** What becomes of invoices under one fault: their ends, the calls it cost, how long it took, and what must never be. */
import { openCertificate } from '@wsad/certificate';
import { addDays, startOfWarsawDay, warsawDay } from '@wsad/domain';
import { INVOICES, type Stage } from './fault-stages.ts';
import { startShared } from './path.ts';
import { invoicesOf, newSeller } from './sellers.ts';
import { createVirtualTime, startVirtualPath, type VirtualPath } from './virtual-path.ts';

export interface Course {
  /** Invoices by state, held ones with their cause: `6 cleared`. */
  readonly outcome: string;
  /** Calls by operation, storage included. */
  readonly calls: ReadonlyMap<string, number>;
  /** From the acceptance to the last end, in KSeF's and wsad's own time. */
  readonly tookMs: number;
  /** 429s received. */
  readonly rateLimited: number;
  /** Whether the fault was met. */
  readonly met: boolean;
  /** Empty where all is well. */
  readonly broken: readonly string[];
}

/** Longer than anything is waited for without a person. */
const WITHIN_MS = 48 * 3_600_000;
const HOURS_MS = 3 * 3_600_000;
const ELEVEN_HOURS_MS = 11 * 3_600_000;
const RESTING = new Set(['cleared', 'rejected', 'withdrawn', 'held']);

export interface Theatre {
  /** One seller's invoices from acceptance to rest, on a fresh ledger; null: without a fault. */
  course(fault: string | null, stage: Stage): Promise<Course>;
  close(): Promise<void>;
}

/** One emulator for all courses, each on the next day at eleven. */
export async function openTheatre(): Promise<Theatre> {
  const time = createVirtualTime();
  const shared = await startShared(time.now);
  return {
    async course(fault, stage) {
      shared.emulator.control.clearFaults();
      const tomorrow = startOfWarsawDay(addDays(warsawDay(time.now()), 1));
      time.advanceTo(new Date(tomorrow.getTime() + ELEVEN_HOURS_MS));
      return await courseUnder(await startVirtualPath({ shared }, time), fault, stage);
    },
    close: shared.close,
  };
}

async function courseUnder(path: VirtualPath, fault: string | null, stage: Stage): Promise<Course> {
  try {
    const nip = newSeller();
    await prepare(path, nip, stage);
    const { faults, stats } = path.emulator.control;
    const before = stats();
    if (stage.besides !== undefined) await faults.enable(stage.besides.name, { times: stage.besides.times });
    if (fault !== null) await faults.enable(fault, stage.aim);
    const beganAt = path.time.now();
    const today = { issueDate: warsawDay(beganAt) };
    const files = invoicesOf(nip, INVOICES[stage.sentAs], 'F', today).map(({ xml }) => xml);
    const accepted = await path.submit(nip, files);
    const armed = JSON.stringify(faults.armed());
    await path.rest(WITHIN_MS);
    const ids = accepted.flatMap((result) => (result.kind === 'accepted' ? [result.id] : []));
    return {
      ...(await tell(path, nip, ids, beganAt, before)),
      met: armed === '[]' || JSON.stringify(faults.armed()) !== armed,
    };
  } finally {
    await path.close();
  }
}

async function prepare(path: VirtualPath, nip: string, stage: Stage): Promise<void> {
  if (stage.byCertificate) await putCertificate(path, nip);
  else await path.putToken(nip, 'a-token');
  if (!stage.afterHours) return;
  await path.world.doorbell.login(nip);
  await path.rest(0);
  path.time.advance(HOURS_MS);
}

async function putCertificate(path: VirtualPath, nip: string): Promise<void> {
  const now = path.time.now();
  const given = await path.emulator.control.issueCertificate({ kind: 'seal', nip, key: 'ec' });
  const { certificatePem, privateKeyPem, facts } = await openCertificate(given, 'login', now);
  const secret = { type: 'certificate', certificatePem, privateKeyPem, facts } as const;
  await path.ledger.putCredentials({ owner: { nip }, secret, actor: 'test', now });
}

async function tell(
  path: VirtualPath,
  nip: string,
  ids: readonly string[],
  beganAt: Date,
  before: Stats,
): Promise<Omit<Course, 'met'>> {
  const invoices = (await Promise.all(ids.map((id) => path.ledger.invoice(id, 'all')))).filter(
    (invoice) => invoice !== null,
  );
  const counts = new Map<string, number>();
  for (const { state, holdCause } of invoices) {
    const end = holdCause === null ? state : `${state} (${holdCause})`;
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const { calls, rateLimited } = path.emulator.control.stats();
  const ended = invoices.map(({ settledAt }) => settledAt?.getTime() ?? 0);
  return {
    outcome: [...counts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([end, count]) => `${count} ${end}`)
      .join(', '),
    calls: new Map(Object.entries(calls).map(([name, count]) => [name, count - (before.calls[name] ?? 0)])),
    tookMs: Math.max(0, Math.max(...ended) - beganAt.getTime()),
    rateLimited: rateLimited - before.rateLimited,
    broken: brokenPromises(path, nip, invoices),
  };
}

type Stats = ReturnType<VirtualPath['emulator']['control']['stats']>;
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
    ...(stuck.length > 0 ? [`${stuck.length} stuck: ${stuck.map(({ state }) => state).join(', ')}`] : []),
  ];
}

/** `2 GET /sessions/{ref}`: what a course cost beyond one without the fault. */
export function extraCalls(course: Course, calm: Course): string {
  const extra = [...course.calls].flatMap(([operation, calls]) => {
    const more = calls - (calm.calls.get(operation) ?? 0);
    return more > 0 ? [`${more} ${operation.replaceAll('{referenceNumber}', '{ref}')}`] : [];
  });
  return extra.length === 0 ? 'none' : extra.sort().join(', ');
}
