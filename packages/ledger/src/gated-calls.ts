/** One call's way through the gates, and what this process remembers of them so as not to ask in vain. */
import { type EmitEvent, KsefDown } from '@wsad/domain';
import type { Db } from './db.ts';
import { type GateTurn, gateKeys, noteCall, type Passage, passGates } from './gates.ts';

export interface Passing {
  readonly keys: readonly string[];
  /** The gates that this call probes. */
  readonly probed: ReadonlySet<string>;
  /** Some gate had to be asked: then it is told of the answer, too. */
  readonly watched: boolean;
}

export interface GatedCalls {
  /** Throws KsefDown, without asking the ledger, where a gate is known to be shut. */
  begin(nip: string | null, now: Date): Passing;
  /** Asks the gates. 'ramp' is a moment to wait for; throws KsefDown where a gate is shut. */
  ask(passing: Passing, now: Date): Promise<Passing | { readonly rampUntil: Date }>;
  /** `answered` null: the call was not made after all. */
  end(passing: Passing, nip: string | null, answered: boolean | null, now: Date): Promise<void>;
}

/** More gates than this and they are simply asked again. */
const REMEMBERED_MAX = 10_000;
/** A call of another process may open a gate before its pause is over. */
const BELIEVED_MS = 1_000;

interface Shut {
  readonly until: Date;
  readonly readAt: Date;
}

export function gatedCalls(db: Db, egress: string, emit: EmitEvent): GatedCalls {
  const remembered = new Map<string, Shut>();
  return {
    begin(nip, now) {
      const keys = gateKeys(egress, nip);
      for (const key of keys) {
        const shut = remembered.get(key);
        if (shut === undefined) continue;
        if (isBelieved(shut, now)) throw new KsefDown(shut.until, whom(key));
        remembered.delete(key);
      }
      return { keys, probed: new Set(), watched: false };
    },
    async ask(passing, now) {
      const passage: Passage = await passGates(db, passing.keys, now);
      if (passage.kind === 'pass') return { ...passing, probed: passage.probed, watched: true };
      if (passage.kind === 'ramp') return { rampUntil: passage.until };
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(passage.key, { until: passage.until, readAt: now });
      throw new KsefDown(passage.until, whom(passage.key));
    },
    async end({ keys, probed, watched }, nip, answered, now) {
      if (!watched && answered !== false) return;
      for (const turn of await noteCall(db, keys, { answered, nip }, probed, now)) {
        remembered.delete(turn.key);
        tell(emit, turn, now);
      }
    },
  };
}

/** Not for longer than this, and not where the clock was put back: what was read by it may never come to pass. */
function isBelieved({ until, readAt }: Shut, now: Date): boolean {
  const ageMs = now.getTime() - readAt.getTime();
  return ageMs >= 0 && ageMs < BELIEVED_MS && until > now;
}

function whom(key: string): string {
  const [, nip] = key.split('|');
  return nip === undefined ? 'anybody' : `calls for ${nip}`;
}

function tell(emit: EmitEvent, { key, before, after }: GateTurn, now: Date): void {
  const [, nip = null] = key.split('|');
  if (after.shutUntil !== null) emit({ type: 'ksef.down', nip, failures: after.failures });
  else emit({ type: 'ksef.up', nip, downMs: now.getTime() - (before.openedAt ?? now).getTime() });
}
