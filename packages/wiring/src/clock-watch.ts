/**
 * Notices that the machine's clock was put back, by comparing it with one that nothing moves. What was planned while it
 * ran ahead would otherwise wait until that moment comes again.
 */
import type { EmitEvent } from '@wsad/domain';
import { type Loop, startLoop } from './loop.ts';

/** More than two readings, one after the other, can differ by, and than clocks are slewed by. */
const PUT_BACK_MS_MIN = 2_000;
const LOOK_MS = 1_000;

export interface ClockWatchOptions {
  readonly clock: () => Date;
  /** Milliseconds from an unnamed beginning; never moved. */
  readonly steadyMs: () => number;
  readonly putBack: (now: Date) => Promise<void>;
}

/** One look; `putBack` is told again at the next one where it failed. */
export function clockWatch({ clock, steadyMs, putBack }: ClockWatchOptions): () => Promise<void> {
  const offsetMs = (now: Date): number => now.getTime() - steadyMs();
  let knownMs = offsetMs(clock());
  return async () => {
    const now = clock();
    const foundMs = offsetMs(now);
    if (foundMs <= knownMs - PUT_BACK_MS_MIN) await putBack(now);
    knownMs = foundMs;
  };
}

export function watchClock(options: ClockWatchOptions, emit: EmitEvent): Loop {
  return startLoop(clockWatch(options), LOOK_MS, (error) =>
    emit({
      type: 'job.failed',
      queue: 'clock',
      message: error instanceof Error ? error.message : String(error),
    }),
  );
}
