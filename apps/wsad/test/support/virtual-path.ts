/**
 * The path in a time of its own: the clock moves only when nothing is left to do, and then straight to the next thing
 * that is due. Hours of patience take seconds, and the calls that are made are the same in every run.
 */
import { laneKey, type Outcome } from '@wsad/domain';
import {
  confirmInvoice,
  type Doorbell,
  deliverToWebhook,
  dispatchLane,
  fetchInvoiceReceipt,
  followSession,
  logIn,
  rescue,
  sendSession,
  tendAuthSessions,
  type World,
} from '@wsad/engine';
import type { PostgresLedger } from '@wsad/ledger';
import { openPath, type PathOptions } from './path.ts';
import { TODAY } from './system.ts';

const BEGINNING = Date.parse(`${TODAY}T10:00:00Z`);
const TURNS_MAX = 5_000;
/** When a job that broke is run again. */
const RETRY_MS = 1_000;
/** How long KSeF may be silent, in the machine's own time. */
const SILENCE_MS = 700;

export interface VirtualTime {
  now(): Date;
  advance(ms: number): void;
  advanceTo(at: Date): void;
}

export type VirtualPath = Awaited<ReturnType<typeof startVirtualPath>>;

export async function startVirtualPath(options: PathOptions = {}, time = createVirtualTime()) {
  const work = createWork(time);
  const path = await openPath({
    ...options,
    clock: time.now,
    doorbell: work.doorbell,
    pace: {
      wait: async (ms) => time.advance(ms),
      timeouts: { callMs: SILENCE_MS, transferMs: SILENCE_MS },
    },
  });
  return {
    ...path,
    time,
    /** Does everything that is due, in time, until nothing is, or `withinMs` of that time have passed. */
    rest: (withinMs: number) => rest(path, time, work, withinMs),
  };
}

export function createVirtualTime(): VirtualTime {
  let ms = BEGINNING;
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += Math.max(0, by);
    },
    advanceTo: (at) => {
      ms = Math.max(ms, at.getTime());
    },
  };
}

interface Job {
  readonly dueAt: Date;
  readonly run: (world: World) => Promise<Outcome>;
}

interface Work {
  readonly jobs: Map<string, Job>;
  readonly doorbell: Doorbell;
  /** For the rescue round: it reminds of what was lost, and leaves alone what is known to be due later. */
  readonly reminder: Doorbell;
}

function createWork(time: VirtualTime): Work {
  const jobs = new Map<string, Job>();
  const ring = async (id: string, run: Job['run']): Promise<void> => {
    jobs.set(id, { dueAt: time.now(), run });
  };
  const remind = async (id: string, run: Job['run']): Promise<void> => {
    if (!jobs.has(id)) await ring(id, run);
  };
  return { jobs, doorbell: doorbellThat(ring), reminder: doorbellThat(remind) };
}

function doorbellThat(ring: (id: string, run: Job['run']) => Promise<void>): Doorbell {
  return {
    dispatch: (lane) => ring(`dispatch ${laneKey(lane)}`, (world) => dispatchLane(world, lane)),
    send: (id) => ring(`send ${id}`, (world) => sendSession(world, id)),
    follow: (id) => ring(`follow ${id}`, (world) => followSession(world, id)),
    login: (nip) => ring(`login ${nip}`, (world) => logIn(world, nip)),
    invoiceReceipt: (id) => ring(`receipt ${id}`, (world) => fetchInvoiceReceipt(world, id)),
    confirmation: (id) => ring(`confirmation ${id}`, (world) => confirmInvoice(world, id)),
    authSessions: (nip) => ring(`authSessions ${nip}`, (world) => tendAuthSessions(world, nip)),
    webhook: (id) => ring(`webhook ${id}`, (world) => deliverToWebhook(world, id, () => 0.5)),
  };
}

async function rest(
  { world, ledger }: { readonly world: World; readonly ledger: PostgresLedger },
  time: VirtualTime,
  work: Work,
  withinMs: number,
): Promise<void> {
  const end = time.now().getTime() + withinMs;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    if (await runDue(world, time, work)) continue;
    await rescue({ ...world, doorbell: work.reminder });
    if (await runDue(world, time, work)) continue;
    const rung = [...work.jobs.values()].map(({ dueAt }) => dueAt.getTime());
    const next = Math.min(...rung, await nextInLedger(ledger, time.now()));
    if (!Number.isFinite(next) || next > end) return;
    time.advanceTo(new Date(next));
  }
  throw new Error(`not at rest after ${TURNS_MAX} turns: ${[...work.jobs.keys()].join(', ')}`);
}

/** What nobody rings for before its time: invoices put off, sessions to be taken up or looked at again. */
async function nextInLedger({ pool }: PostgresLedger, now: Date): Promise<number> {
  const { rows } = await pool.query<{ next: Date | null }>(
    `SELECT min(at) AS next FROM (
       SELECT greatest(due_at, not_before) AS at FROM invoices WHERE state = 'accepted'
       UNION ALL SELECT lease_until FROM sessions WHERE state IN ('claimed', 'opened', 'closing')
       UNION ALL SELECT next_poll_at FROM sessions WHERE state IN ('closed', 'abandoned')
     ) AS due WHERE at > $1`,
    [now],
  );
  return rows[0]?.next?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** One job that is due; false where none is. */
async function runDue(world: World, time: VirtualTime, { jobs }: Work): Promise<boolean> {
  const due = [...jobs].find(([, { dueAt }]) => dueAt <= time.now());
  if (due === undefined) return false;
  const [id, { run }] = due;
  jobs.delete(id);
  const outcome = await run(world);
  if (outcome.kind === 'done') return true;
  const dueAt = outcome.kind === 'snooze' ? outcome.until : new Date(time.now().getTime() + RETRY_MS);
  const again = jobs.get(id);
  if (again === undefined || again.dueAt > dueAt) jobs.set(id, { run, dueAt });
  return true;
}
