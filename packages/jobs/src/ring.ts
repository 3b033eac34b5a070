/**
 * The two kinds of entry in a queue. A `ring` runs the job as soon as a worker is free. A `later` is a ring set for
 * another time: when it is due it only rings. So all work on one id happens in rings, of which one at most runs and
 * one waits, and a job that snoozes leaves its id free: a ring during a snooze runs at once.
 */
import type { JobKind } from './catalogue.ts';
import type { JobQueue } from './queue-backend.ts';

export const RING = 'ring';
export const LATER = 'later';

/**
 * One ring while the job waits, one more while it runs; a job that backs off after a failure is brought forward. `anew`
 * is for rings that nobody hears: beside a job that only seems to run, one for each number.
 */
export async function addRing<Payload>(
  queue: JobQueue,
  kind: JobKind<Payload>,
  payload: Payload,
  anew = 0,
): Promise<void> {
  const id = anew === 0 ? kind.ringId(payload) : `${kind.ringId(payload)}#${anew}`;
  await queue.add(RING, payload, { deduplication: { id, keepLastIfActive: true, reschedule: true } });
}

/** One at most per id; a newer time replaces the older. It begins a trace of its own: one that waits for days would have no end. */
export async function addLater<Payload>(
  queue: JobQueue,
  kind: JobKind<Payload>,
  payload: Payload,
  delayMs: number,
): Promise<void> {
  await queue.add(LATER, payload, {
    removeOnComplete: true,
    delay: Math.max(0, Math.ceil(delayMs)),
    telemetry: { omitContext: true },
    deduplication: { id: `${kind.ringId(payload)}#later`, keepLastIfActive: true, replace: true },
  });
}
