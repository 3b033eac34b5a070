/**
 * The gate before KSeF: calls that fail in a row shut it, one probe at a time finds out whether KSeF is back, and then
 * work is let through in a ramp. There is one gate for all calls from an egress and one for each seller, so that a
 * firewall's page for one NIP shuts out that seller alone. Pure rules; the ledger keeps the gates for all processes.
 */

export type GateScope = 'all' | 'seller';

export interface Gate {
  /** Calls in a row that KSeF itself did not answer. */
  readonly failures: number;
  /** Whose calls they were: two names at most, as two are enough to know. */
  readonly sellers: readonly string[];
  readonly openedAt: Date | null;
  /** Shut until then, and after that until a probe is answered; null where calls go through. */
  readonly shutUntil: Date | null;
  /** Shut so often in a row, for pauses that grow. */
  readonly pauses: number;
  /** Somebody is probing, and is presumed dead after this. */
  readonly probeUntil: Date | null;
  /** Since when it lets work through by and by. */
  readonly rampFrom: Date | null;
  readonly rampCalls: number;
}

export const CALM_GATE: Gate = {
  failures: 0,
  sellers: [],
  openedAt: null,
  shutUntil: null,
  pauses: 0,
  probeUntil: null,
  rampFrom: null,
  rampCalls: 0,
};

export const FAILURES_TO_SHUT = 5;
const SELLERS_TO_SHUT_ALL = 2;
/** A call that names no seller, for the public keys say: no firewall can mean one seller by it. */
const NOBODYS = '';
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS: Readonly<Record<GateScope, number>> = { all: 60_000, seller: 300_000 };
/** Longer than any call may take. */
const PROBE_PRESUMED_DEAD_MS = 100_000;
/** While somebody else probes, looking again any sooner is of no use. */
const PROBE_LOOK_MS = 2_000;

export const RAMP_FIRST_CALLS = 4;
export const RAMP_DOUBLES_MS = 2_000;
export const RAMP_MS = 20_000;

/** How many calls may have been let through this long after KSeF came back. */
export function rampAllowance(sinceMs: number): number {
  return sinceMs >= RAMP_MS
    ? Number.POSITIVE_INFINITY
    : Math.floor(RAMP_FIRST_CALLS * 2 ** (Math.max(0, sinceMs) / RAMP_DOUBLES_MS));
}

/** When the ramp lets one more through than `calls`, in milliseconds after its beginning. */
function rampReaches(calls: number): number {
  return Math.min(RAMP_MS, Math.ceil(RAMP_DOUBLES_MS * Math.log2((calls + 1) / RAMP_FIRST_CALLS)));
}

/** True for a gate that has to be asked: all others let everything through. */
export function isTroubled(gate: Gate): boolean {
  return gate.failures > 0 || gate.shutUntil !== null || gate.rampFrom !== null;
}

/** Moments that a clock which ran ahead has set are not waited for: none of them can rightly be so far. */
export function asOf(gate: Gate, now: Date): Gate {
  const { shutUntil, probeUntil, rampFrom } = gate;
  const isBeyond = (moment: Date | null, mostMs: number) =>
    moment !== null && moment.getTime() > now.getTime() + mostMs;
  return {
    ...gate,
    shutUntil: isBeyond(shutUntil, LONGEST_PAUSE_MS.seller) ? now : shutUntil,
    probeUntil: isBeyond(probeUntil, PROBE_PRESUMED_DEAD_MS) ? null : probeUntil,
    rampFrom: isBeyond(rampFrom, 0) ? now : rampFrom,
  };
}

export type Admission =
  | { readonly kind: 'pass'; readonly probe: boolean; readonly gate: Gate }
  /** Nothing goes through before `until`, when it is worth asking again. */
  | { readonly kind: 'shut' | 'ramp'; readonly until: Date };

export function admit(gate: Gate, now: Date): Admission {
  if (gate.shutUntil !== null) return admitProbe(gate, gate.shutUntil, now);
  if (gate.rampFrom === null) return { kind: 'pass', probe: false, gate };
  const sinceMs = now.getTime() - gate.rampFrom.getTime();
  if (sinceMs >= RAMP_MS)
    return {
      kind: 'pass',
      probe: false,
      gate: { ...CALM_GATE, failures: gate.failures, sellers: gate.sellers },
    };
  if (gate.rampCalls < rampAllowance(sinceMs))
    return { kind: 'pass', probe: false, gate: { ...gate, rampCalls: gate.rampCalls + 1 } };
  const reachedAt = gate.rampFrom.getTime() + rampReaches(gate.rampCalls);
  return { kind: 'ramp', until: new Date(Math.max(reachedAt, now.getTime() + 1)) };
}

function admitProbe(gate: Gate, shutUntil: Date, now: Date): Admission {
  if (shutUntil > now) return { kind: 'shut', until: shutUntil };
  if (gate.probeUntil !== null && gate.probeUntil > now)
    return {
      kind: 'shut',
      until: new Date(Math.min(gate.probeUntil.getTime(), now.getTime() + PROBE_LOOK_MS)),
    };
  const probeUntil = new Date(now.getTime() + PROBE_PRESUMED_DEAD_MS);
  return { kind: 'pass', probe: true, gate: { ...gate, probeUntil } };
}

export interface CallMade {
  /** KSeF itself answered, be it with a refusal; null where the call was not made after all. */
  readonly answered: boolean | null;
  /** Whose call; null for one that belongs to nobody. */
  readonly nip: string | null;
  /** It was the probe of this very gate. */
  readonly probe: boolean;
}

/** The gate after a call. Whoever began before it was shut, and fails now, changes nothing. */
export function gateAfter(gate: Gate, scope: GateScope, call: CallMade, now: Date): Gate {
  if (call.answered === null) return call.probe ? { ...gate, probeUntil: null } : gate;
  if (call.answered) return answeredGate(gate, scope, now);
  if (gate.shutUntil !== null) return call.probe ? shut(gate, scope, now) : gate;
  const counted = {
    ...gate,
    failures: gate.failures + 1,
    sellers: [...new Set([call.nip ?? NOBODYS, ...gate.sellers])].slice(0, SELLERS_TO_SHUT_ALL),
  };
  const enough = counted.failures >= FAILURES_TO_SHUT && (scope === 'seller' || concernsAll(counted.sellers));
  return enough ? shut({ ...counted, openedAt: now }, scope, now) : counted;
}

function concernsAll(sellers: readonly string[]): boolean {
  return sellers.length >= SELLERS_TO_SHUT_ALL || sellers.includes(NOBODYS);
}

function answeredGate(gate: Gate, scope: GateScope, now: Date): Gate {
  if (gate.shutUntil === null) return { ...gate, failures: 0, sellers: [] };
  return scope === 'seller' ? CALM_GATE : { ...CALM_GATE, pauses: gate.pauses, rampFrom: now };
}

function shut(gate: Gate, scope: GateScope, now: Date): Gate {
  const pauseMs = Math.min(LONGEST_PAUSE_MS[scope], FIRST_PAUSE_MS * 2 ** Math.min(gate.pauses, 20));
  return {
    ...gate,
    shutUntil: new Date(now.getTime() + pauseMs),
    pauses: gate.pauses + 1,
    probeUntil: null,
    rampFrom: null,
    rampCalls: 0,
  };
}
