/** One emulator for all paths of a test file, each with a ledger of its own and on a day of its own. */

import { addDays, startOfWarsawDay, warsawDay } from '@wsad/domain';
import type { FaultRequest } from '@wsad/emulator';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type PathOptions, type SharedParts, startShared } from './path.ts';
import { createVirtualTime, startVirtualPath, type VirtualPath } from './virtual-path.ts';

const ELEVEN_HOURS_MS = 11 * 3_600_000;

export type StagedPath = VirtualPath & {
  /** Calls of the operation on this path. */
  calls(operation: string): number;
};

/** Answers what starts a path, at eleven in the morning of the next day, under these faults alone. */
export function virtualStage() {
  const time = createVirtualTime();
  let shared: (SharedParts & { close(): Promise<void> }) | null = null;
  beforeAll(async () => {
    shared = await startShared(time.now);
  });
  afterAll(() => shared?.close());

  return async (
    faults: readonly FaultRequest[] = [],
    options: Pick<PathOptions, 'over' | 'compression'> = {},
  ): Promise<StagedPath> => {
    if (shared === null) throw new Error('the emulator is not started');
    const { control } = shared.emulator;
    control.clearFaults();
    const tomorrow = startOfWarsawDay(addDays(warsawDay(time.now()), 1));
    time.advanceTo(new Date(tomorrow.getTime() + ELEVEN_HOURS_MS));
    const path = await startVirtualPath({ ...options, shared }, time);
    onTestFinished(() => path.close());
    for (const fault of faults) control.addFault(fault);
    const before = control.calls();
    return {
      ...path,
      calls: (operation) => (control.calls()[operation] ?? 0) - (before[operation] ?? 0),
    };
  };
}
