/** The time that the parts of wsad, and KSeF, believe in: each its own, moved from outside. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './faults.ts';

/** Every run begins at eleven in Warsaw, so that none runs over midnight by itself. */
export const RUN_DAY = '2026-11-16';
const BEGINNING = Date.parse(`${RUN_DAY}T10:00:00Z`);
const BEFORE_MIDNIGHT = Date.parse(`${RUN_DAY}T22:59:57Z`);

export type Owner = Part | 'database' | 'ksef';
const OWNERS: readonly Owner[] = ['api', 'worker', 'worker2', 'poller', 'database', 'ksef'];

export interface Clocks {
  /** Holds the part's shift, in milliseconds. */
  file(part: Part): string;
  ksef(): Date;
  shift(whose: 'wsad' | 'worker' | 'ksef' | 'all', by: number | 'midnight'): void;
  /** Puts all those right again. */
  right(whose: 'wsad' | 'worker' | 'ksef' | 'all'): void;
}

/** PostgreSQL, which reads its shift from `databaseFile`, is only moved with all. */
export function createClocks(folder: string, databaseFile: string): Clocks {
  const baseMs = BEGINNING - Date.now();
  /** What all of them have been moved by for good. */
  let commonMs = 0;
  const shiftsMs = new Map<Owner, number>(OWNERS.map((owner) => [owner, 0]));
  const file = (part: Owner): string => (part === 'database' ? databaseFile : join(folder, `clock-${part}`));
  const write = (): void => {
    for (const [owner, shiftMs] of shiftsMs) {
      // Of one length, so that a reader never sees half of two.
      writeFileSync(file(owner), String(baseMs + commonMs + shiftMs).padEnd(20), { flag: 'w' });
    }
  };
  write();
  return {
    file,
    ksef: () => new Date(Date.now() + baseMs + commonMs + (shiftsMs.get('ksef') ?? 0)),
    shift(whose, by) {
      if (whose === 'all')
        commonMs += by === 'midnight' ? BEFORE_MIDNIGHT - (Date.now() + baseMs + commonMs) : by;
      else for (const owner of ownersOf(whose)) shiftsMs.set(owner, by === 'midnight' ? 0 : by);
      write();
    },
    right(whose) {
      for (const owner of ownersOf(whose)) shiftsMs.set(owner, 0);
      write();
    },
  };
}

function ownersOf(whose: 'wsad' | 'worker' | 'ksef' | 'all'): readonly Owner[] {
  if (whose === 'wsad') return OWNERS.filter((owner) => owner !== 'ksef' && owner !== 'database');
  return whose === 'all' ? OWNERS : [whose];
}
