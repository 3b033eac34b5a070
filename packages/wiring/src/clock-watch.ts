/**
 * Notices that the machine's clock was moved, by comparing it with one that nothing moves. What was measured by it holds
 * no more; and what was planned while it ran ahead of where it was put back to would wait until that moment comes again.
 */
import { type EmitEvent, tellJobFailure } from '@wsad/domain';
import { type Loop, startLoop } from './loop.ts';

/** More than two readings, one after the other, can differ by, and than clocks are slewed by. */
const STEP_MS_MIN = 2_000;
const LOOK_MS = 1_000;

export interface ClockWatchOptions {
  readonly clock: () => Date;
  /** Milliseconds from an unnamed beginning; never moved. */
  readonly steadyMs: () => number;
  /** In either direction. */
  readonly moved: () => Promise<void>;
  readonly putBack: (now: Date) => Promise<void>;
}

/** One look; `moved` and `putBack` are told again at the next one where telling failed. */
export function clockWatch({ clock, steadyMs, moved, putBack }: ClockWatchOptions): () => Promise<void> {
  const offsetMs = (now: Date): number => now.getTime() - steadyMs();
  let knownMs = offsetMs(clock());
  return async () => {
    const now = clock();
    const foundMs = offsetMs(now);
    const stepMs = foundMs - knownMs;
    if (Math.abs(stepMs) >= STEP_MS_MIN) await moved();
    if (stepMs <= -STEP_MS_MIN) await putBack(now);
    knownMs = foundMs;
  };
}

export function watchClock(options: ClockWatchOptions, emit: EmitEvent): Loop {
  return startLoop(clockWatch(options), LOOK_MS, (error) => tellJobFailure(emit, 'clock', error));
}
