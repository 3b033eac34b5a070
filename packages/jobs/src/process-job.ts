import { setTimeout as delay } from 'node:timers/promises';
import { type EmitEvent, type Outcome, tellJobFailure } from '@wsad/domain';
import { UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import type { JobKind } from './catalogue.ts';
import type { JobQueue, RunningJob } from './queue-backend.ts';
import { addLater, addRing, LATER } from './ring.ts';

export interface JobContext<Payload> {
  readonly queue: JobQueue;
  readonly kind: JobKind<Payload>;
  readonly handle: (payload: Payload) => Promise<Outcome>;
  readonly emit: EmitEvent;
  readonly clock: () => Date;
  /** Runs all that a job is about, for whoever wants to know whose it is. */
  readonly around: <T>(payload: Payload, work: () => Promise<T>) => Promise<T>;
}

/** The one place where an outcome becomes a queue call: returning ends the job, throwing makes BullMQ back off. */
export async function processJob<Payload>(job: RunningJob, context: JobContext<Payload>): Promise<void> {
  const { queue, kind, around } = context;
  const payload = payloadOf(job, context);
  if (job.name === LATER) return addRing(queue, kind, payload);
  await around(payload, () => workOn(payload, context));
}

async function workOn<Payload>(payload: Payload, context: JobContext<Payload>): Promise<void> {
  const { queue, kind, emit, clock } = context;
  const outcome = await patientOutcomeOf(payload, context);
  switch (outcome.kind) {
    case 'done':
      return;
    case 'snooze':
      // Set before this job ends, so that no crash in between loses it; the job itself ends and frees its id.
      await addLater(queue, kind, payload, outcome.until.getTime() - clock().getTime());
      emit({ type: 'job.snoozed', queue: queue.name, why: outcome.why });
      return;
    case 'retry':
      tellJobFailure(emit, queue.name, outcome.error);
      throw outcome.error;
  }
}

/** A payload that does not fit never will: it fails for good, and the reconciler rings anew with a sound one. */
function payloadOf<Payload>(job: RunningJob, { queue, kind, emit }: JobContext<Payload>): Payload {
  const parsed = kind.payload.safeParse(job.data);
  if (parsed.success) return parsed.data;
  const message = `payload refused: ${describeIssues(parsed.error)}`;
  emit({ type: 'job.failed', queue: queue.name, message });
  throw new UnrecoverableError(message);
}

function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`).join('; ');
}

/** A snooze that is short for its kind is waited out in place: through the queue it would cost three jobs. */
async function patientOutcomeOf<Payload>(payload: Payload, context: JobContext<Payload>): Promise<Outcome> {
  const { queue, kind, emit, clock } = context;
  for (;;) {
    const outcome = await outcomeOf(payload, context);
    if (outcome.kind !== 'snooze') return outcome;
    const waitMs = outcome.until.getTime() - clock().getTime();
    if (waitMs <= 0 || waitMs > (kind.inPlaceMs ?? 0)) return outcome;
    emit({ type: 'job.snoozed', queue: queue.name, why: outcome.why });
    await delay(waitMs);
  }
}

async function outcomeOf<Payload>(payload: Payload, { handle }: JobContext<Payload>): Promise<Outcome> {
  try {
    return await handle(payload);
  } catch (error) {
    return { kind: 'retry', error: error instanceof Error ? error : new Error(String(error)) };
  }
}
