import { setTimeout as pause } from 'node:timers/promises';

/** Proxies commonly close what is silent for half a minute. */
const SILENT_MS_MAX = 15_000;

export interface Following {
  readonly everyMs: number;
  /** The reader is gone, or the server closes. */
  readonly signal: AbortSignal;
}

/**
 * What is looked at, at once and whenever it has changed; null where nothing has for so long that a sign of life is due.
 * It ends where there is nothing to be seen any more.
 */
export async function* followChanges<Seen>(
  look: () => Promise<Seen | null>,
  textOf: (seen: Seen) => string,
  { everyMs, signal }: Following,
): AsyncGenerator<Seen | null> {
  const silentLooksMax = Math.ceil(SILENT_MS_MAX / everyMs);
  let told: string | null = null;
  let silentLooks = 0;
  for (let seen = await look(); seen !== null; seen = await look()) {
    const text = textOf(seen);
    silentLooks = text === told ? silentLooks + 1 : 0;
    if (text !== told) yield seen;
    else if (silentLooks % silentLooksMax === 0) yield null;
    told = text;
    if (!(await paused(everyMs, signal))) return;
  }
}

/** False where the wait was broken off. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  return await pause(ms, true, { signal }).catch(() => false);
}
