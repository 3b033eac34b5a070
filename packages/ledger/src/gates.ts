/** The gates before KSeF, kept for all processes: every change is made under the gate's lock, by the domain's rules. */
import {
  admit,
  asOf,
  CALM_GATE,
  type CallMade,
  type Gate,
  type GateScope,
  gateAfter,
  isTroubled,
} from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';

/** The gates in the way of a call, that of all calls first: they are locked in this order by everybody. */
export function gateKeys(egress: string, nip: string | null): string[] {
  return nip === null ? [egress] : [egress, `${egress}|${nip}`];
}

function scopeOf(key: string): GateScope {
  return key.includes('|') ? 'seller' : 'all';
}

export type Passage =
  | { readonly kind: 'pass'; readonly probed: ReadonlySet<string> }
  | { readonly kind: 'shut' | 'ramp'; readonly key: string; readonly until: Date };

/** Asks every gate in the way; all let the call through, or none of them is changed. */
export async function passGates(db: Db, keys: readonly string[], now: Date): Promise<Passage> {
  return inTransaction(db.pool, async (tx) => {
    const probed = new Set<string>();
    const passed = new Map<string, Gate>();
    for (const [key, gate] of await lockGates(tx, keys, now)) {
      const admission = admit(gate, now);
      if (admission.kind !== 'pass') return { kind: admission.kind, key, until: admission.until };
      if (admission.probe) probed.add(key);
      passed.set(key, admission.gate);
    }
    for (const [key, gate] of passed) await writeGate(tx, key, gate);
    return { kind: 'pass', probed };
  });
}

export interface GateTurn {
  readonly key: string;
  readonly before: Gate;
  readonly after: Gate;
}

/** Tells the gates how a call ended; answers those that shut or opened by it. */
export async function noteCall(
  db: Db,
  keys: readonly string[],
  call: Omit<CallMade, 'probe'>,
  probed: ReadonlySet<string>,
  now: Date,
): Promise<GateTurn[]> {
  return inTransaction(db.pool, async (tx) => {
    if (call.answered === false)
      await tx.query('INSERT INTO ksef_gates (key) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [keys]);
    const turns: GateTurn[] = [];
    for (const [key, before] of await lockGates(tx, keys, now)) {
      const after = gateAfter(before, scopeOf(key), { ...call, probe: probed.has(key) }, now);
      await writeGate(tx, key, after);
      if ((before.shutUntil === null) !== (after.shutUntil === null)) turns.push({ key, before, after });
    }
    return turns;
  });
}

/** Gates that have never been in use are not there, and calm. */
export async function readGates(
  reader: Db['pool'] | Tx,
  keys: readonly string[],
  now: Date,
): Promise<Map<string, Gate>> {
  const { rows } = await reader.query<Gate & { key: string }>(`${SELECT_GATES} ORDER BY key`, [keys]);
  return new Map(rows.map(({ key, ...gate }) => [key, asOf(gate, now)]));
}

async function lockGates(tx: Tx, keys: readonly string[], now: Date): Promise<Map<string, Gate>> {
  const { rows } = await tx.query<Gate & { key: string }>(`${SELECT_GATES} ORDER BY key FOR UPDATE`, [keys]);
  return new Map(rows.map(({ key, ...gate }) => [key, asOf(gate, now)]));
}

const SELECT_GATES = `
  SELECT key, failures, sellers, opened_at AS "openedAt", shut_until AS "shutUntil", pauses, probe_until AS "probeUntil",
    ramp_from AS "rampFrom", ramp_calls AS "rampCalls"
  FROM ksef_gates WHERE key = ANY ($1::text[])`;

async function writeGate(tx: Tx, key: string, gate: Gate): Promise<void> {
  await tx.query(
    `UPDATE ksef_gates SET troubled = $2, failures = $3, sellers = $4, opened_at = $5, shut_until = $6, pauses = $7,
       probe_until = $8, ramp_from = $9, ramp_calls = $10
     WHERE key = $1`,
    [
      key,
      isTroubled(gate),
      gate.failures,
      gate.sellers,
      gate.openedAt,
      gate.shutUntil,
      gate.pauses,
      gate.probeUntil,
      gate.rampFrom,
      gate.rampCalls,
    ],
  );
}

/**
 * Until when the seller's lanes are better left alone; null where they may go. While the gate of all is shut nothing is
 * begun at all, not even as its probe: the poller probes. A seller's own gate is probed by the seller's own work.
 */
export function lanesWaitUntil(gates: ReadonlyMap<string, Gate>, now: Date): Date | null {
  const moments = [...gates].flatMap(([key, { shutUntil }]) => {
    if (shutUntil === null) return [];
    if (shutUntil > now) return [shutUntil.getTime()];
    return scopeOf(key) === 'all' ? [now.getTime() + LOOK_AGAIN_MS] : [];
  });
  return moments.length === 0 ? null : new Date(Math.max(...moments));
}

const LOOK_AGAIN_MS = 1_000;

/** True where KSeF has been away for all, the pause is over, and nobody is finding out whether it is back. */
export async function probeIsDue(db: Db, now: Date): Promise<boolean> {
  const gate = (await readGates(db.pool, [db.egress], now)).get(db.egress) ?? CALM_GATE;
  if (gate.shutUntil === null || gate.shutUntil > now) return false;
  return gate.probeUntil === null || gate.probeUntil <= now;
}
