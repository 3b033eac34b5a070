/** One run: everything is started, invoices are handed in while things go wrong, and at the end all is compared. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { check, type Finding } from './checker.ts';
import { NoAnswer } from './client.ts';
import { type Evidence, readLedger } from './evidence.ts';
import { kindOf } from './fault-kinds.ts';
import type { Plant } from './fleet.ts';
import { type Injection, inject } from './inject.ts';
import type { Plan } from './plan.ts';
import { type Rest, watchRest } from './rest.ts';
import { openRig, type Rig } from './rig.ts';
import type { Stores } from './stores.ts';
import { handIn, hashesOf, type Promised } from './workload.ts';

export interface FaultOutcome {
  readonly kind: string;
  readonly hit: boolean;
  /** From the trouble's end until everything accepted by then had ended; null where nothing was waiting. */
  readonly recoveredMs: number | null;
}

export interface RunResult {
  readonly seed: number;
  readonly findings: readonly Finding[];
  readonly faults: readonly FaultOutcome[];
  readonly invoices: number;
  readonly tookMs: number;
}

export interface RunOptions {
  readonly plan: Plan;
  readonly stores: Stores;
  readonly folder: string;
  readonly plants?: readonly Plant[];
  /** From the end of the last trouble to the end of everything. */
  readonly patienceMs?: number;
}

/** Faults that wait for their moment get this long, once all others are over. */
const MOMENT_MS = 6_000;
/** What a lease, a gate's pauses and a back-off come to, and much to spare. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 100;

export async function playRun(options: RunOptions): Promise<RunResult> {
  const { plan, folder } = options;
  const startedMs = performance.now();
  const rig = await openRig(options);
  try {
    const { evidence, faults } = await play(rig, plan, options.patienceMs ?? PATIENCE_MS);
    const findings = check(evidence);
    await keep(folder, plan, evidence, findings);
    const tookMs = Math.round(performance.now() - startedMs);
    return { seed: plan.seed, findings, faults, invoices: evidence.invoices.length, tookMs };
  } finally {
    await rig.close();
  }
}

async function play(
  rig: Rig,
  plan: Plan,
  patienceMs: number,
): Promise<{ evidence: Evidence; faults: FaultOutcome[] }> {
  for (const part of rig.fleet.parts) rig.fleet.start(part);
  await rig.client.ready();
  const injections: Injection[] = [];
  for (const fault of plan.faults)
    injections.push(inject(rig, fault, fault.after === undefined ? undefined : injections[fault.after]));
  const promised: Promised[] = [];
  const rest = watchRest(rig.databaseUrl, promised, injections);
  const unanswered: string[] = [];
  await answered(unanswered, () => handInAll(rig, plan, promised));
  await Promise.all(injections.filter(comesByItself).map(({ over }) => over));
  await restOrQuiet(rest, injections);
  for (const { disarm } of injections) disarm();
  rig.ksef.emulator.control.clearFaults();
  await Promise.all(injections.filter(({ struck }) => struck.hit).map(({ over }) => over));
  const atRest = await comesToRest(rest, patienceMs);
  await rest.stop();
  const evidence = await gather(rig, plan, { promised, unanswered, outOfPatience: !atRest });
  return { evidence, faults: injections.map((injection) => outcomeOf(injection, rest.recoveredMs)) };
}

/** At its time, whatever else happens. */
function comesByItself({ struck }: Injection): boolean {
  return 'atMs' in struck.fault && struck.fault.after === undefined;
}

async function handInAll(rig: Rig, plan: Plan, promised: Promised[]): Promise<void> {
  await Promise.all(
    plan.sellers.map(async ({ nip, login }) => {
      await rig.client.putCredentials(nip, await credentialsOf(rig, nip, login));
    }),
  );
  await handIn(rig.client, plan.sellers, promised);
}

async function credentialsOf(rig: Rig, nip: string, login: 'token' | 'certificate'): Promise<unknown> {
  const { control } = rig.ksef.emulator;
  if (login === 'token') {
    const { token } = control.issueToken(nip, ['InvoiceRead', 'InvoiceWrite']);
    rig.secrets.set(token, 'a KSeF token');
    return { type: 'ksefToken', token };
  }
  const { certificatePem, privateKeyPem } = await control.issueCertificate({ kind: 'seal', nip, key: 'ec' });
  for (const line of privateKeyPem.split('\n').filter((text) => text.length > 30 && !text.includes('-')))
    rig.secrets.set(line, 'a private key');
  return { type: 'certificate', certificatePem, privateKeyPem };
}

/** Null, and noted, where the API does not answer at all. */
async function answered<T>(unanswered: string[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    unanswered.push(error.message);
    return null;
  }
}

/** Everything has ended, or none of the faults that still wait can be brought about by another any more. */
async function restOrQuiet(rest: Rest, injections: readonly Injection[]): Promise<void> {
  const isUnderWay = ({ struck }: Injection): boolean => struck.hit && struck.overAtMs === null;
  do {
    if (await comesToRest(rest, MOMENT_MS)) return;
  } while (injections.some(isUnderWay));
}

async function comesToRest({ isThere }: Rest, mostMs: number): Promise<boolean> {
  const sinceMs = performance.now();
  while (!isThere(sinceMs)) {
    if (performance.now() > sinceMs + mostMs) return false;
    await delay(LOOK_MS);
  }
  return true;
}

async function gather(
  rig: Rig,
  plan: Plan,
  known: Pick<Evidence, 'promised' | 'outOfPatience'> & { readonly unanswered: string[] },
): Promise<Evidence> {
  const asked = plan.sellers.map(({ nip }) => answered(known.unanswered, () => rig.client.invoices(nip)));
  const told = (await Promise.all(asked)).flatMap((invoices) => invoices ?? []);
  const { seen, emulator } = rig.ksef;
  for (const secret of seen.secrets) rig.secrets.set(secret, 'a token or a signature of KSeF');
  const kinds = plan.faults.map(({ kind }) => kindOf(kind));
  return {
    ...(await readLedger(rig.databaseUrl)),
    ...known,
    told,
    handedIn: hashesOf(plan.sellers),
    registry: emulator.control.registry(),
    metTwice: seen.metTwice,
    overLimit: seen.overLimit,
    odd: rig.client.odd,
    deaths: rig.fleet.deaths,
    logs: new Map(rig.fleet.parts.map((part) => [part, rig.fleet.log(part)])),
    secrets: rig.secrets,
    allowed: {
      meetTwice: kinds.some(({ mayMeetTwice }) => mayMeetTwice === true),
      ends: kinds.flatMap(({ mayEnd }) => mayEnd ?? []),
    },
  };
}

function outcomeOf(injection: Injection, recoveredMs: (injection: Injection) => number | null): FaultOutcome {
  const { fault, hit } = injection.struck;
  return { kind: fault.kind, hit, recoveredMs: recoveredMs(injection) };
}

/** For whoever looks into it; the folder also holds the logs. */
async function keep(folder: string, plan: Plan, evidence: Evidence, findings: Finding[]): Promise<void> {
  const { logs: _logs, secrets: _secrets, ...rest } = evidence;
  const plain = { ...rest, handedIn: [...rest.handedIn] };
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan, null, 2));
  await writeFile(join(folder, 'evidence.json'), JSON.stringify({ findings, ...plain }, null, 2));
}
