/** The fault catalogue: everything that has gone wrong with KSeF, or may, by names that switch it on. */
import { answerFaults } from './answer-faults.ts';
import { anyCallFaults } from './any-call-faults.ts';
import { guiltyFaults, invoiceFaults, loginFaults, sessionFaults } from './outcome-faults.ts';
import type { CatalogueEntry, FaultTable } from './program.ts';
import { refusedCallFaults } from './refused-call-faults.ts';

/** Faults of the whole system: they take hold when they are switched on. */
const systemFaults: FaultTable = {
  'keys-rotated': {
    title: 'new keys are published; the old ones stay good beside them',
    source: 'open-api 2.7.0',
    program: { rotation: { emergency: false } },
  },
  'keys-withdrawn': {
    title: 'new keys are published and the old ones withdrawn: 21470 by name, 415 for open batch sessions',
    source: 'open-api 2.7.0',
    program: { rotation: { emergency: true } },
  },
  'limits-halved': {
    title: 'every limit on calls falls to half of what it was',
    source: 'seen #476',
    program: { limitsCutTo: 0.5 },
  },
};

/** The entries that are named one by one; the others befall each call of a kind. */
export const singleFaults: FaultTable = {
  ...refusedCallFaults,
  ...answerFaults,
  ...loginFaults,
  ...sessionFaults,
  ...invoiceFaults,
  ...guiltyFaults,
  ...systemFaults,
};

export const FAULT_CATALOGUE: FaultTable = { ...anyCallFaults, ...singleFaults };

export function catalogued(name: string): CatalogueEntry | undefined {
  return Object.hasOwn(FAULT_CATALOGUE, name) ? FAULT_CATALOGUE[name] : undefined;
}

/** The catalogue as a list to read. */
export function catalogueView(): { name: string; title: string; source: string }[] {
  return Object.entries(FAULT_CATALOGUE).map(([name, { title, source }]) => ({ name, title, source }));
}
