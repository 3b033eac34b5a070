/** Switches faults of the catalogue on by name, and everything off again. */
import { z } from 'zod';
import { nipSchema } from '../auth/context-schema.ts';
import { type Fault, faultSchema } from '../control/faults.ts';
import type { World } from '../world.ts';
import { calls } from './calls.ts';
import { catalogued } from './catalogue.ts';
import type { CatalogueEntry, Program } from './program.ts';
import type { Trouble } from './troubles.ts';

/** How a fault of the catalogue is aimed; what is not given is as the catalogue has it. */
export const aimSchema = z.strictObject({
  times: z.int().positive().optional(),
  skip: z.int().nonnegative().optional(),
  nip: nipSchema.optional(),
  /** For faults of invoices: strikes the invoices of these numbers alone. Those of guilty ones must be named. */
  invoiceNumbers: z.array(z.string()).min(1).optional(),
});

export type FaultAim = z.infer<typeof aimSchema>;

const untold: readonly string[] = Object.values(calls)
  .filter(({ side }) => side === 'open')
  .map(({ operation }) => operation);

/** Why a fault cannot be switched on like this, or null. */
export function objection(name: string, aim: FaultAim): string | null {
  const entry = catalogued(name);
  if (entry === undefined) return `There is no fault named ${name}.`;
  const { program } = entry;
  if (aim.invoiceNumbers === undefined && 'guilty' in program)
    return `${name} does not know its guilty invoices: give invoiceNumbers.`;
  if (aim.invoiceNumbers !== undefined && !('invoice' in program) && !('guilty' in program))
    return `${name} strikes no single invoices: leave invoiceNumbers out.`;
  if (isLasting(program) && (aim.times !== undefined || aim.skip !== undefined))
    return `${name} lasts from when it is switched on: leave times and skip out.`;
  if (aim.nip !== undefined && isForEverybody(program))
    return `${name} cannot tell sellers apart: leave nip out.`;
  return null;
}

function isLasting(program: Program): boolean {
  return 'rotation' in program || 'limitsCutTo' in program;
}

function isForEverybody(program: Program): boolean {
  return 'rotation' in program || ('call' in program && untold.includes(program.call.operation));
}

export async function enableFault(world: World, name: string, aim: FaultAim): Promise<void> {
  const entry = catalogued(name);
  const refusal = objection(name, aim);
  if (entry === undefined || refusal !== null) throw new Error(refusal ?? name);
  await start(world, entry, aim);
}

const FOR_GOOD = Number.MAX_SAFE_INTEGER;

async function start(world: World, { program }: CatalogueEntry, aim: FaultAim): Promise<void> {
  const { times = 'guilty' in program ? FOR_GOOD : 1, skip = 0, nip, invoiceNumbers } = aim;
  const arming = { times, skip, nip };
  if ('rotation' in program) return world.keys.rotate(program.rotation);
  if ('limitsCutTo' in program) {
    const context = nip === undefined ? null : ({ type: 'Nip', value: nip } as const);
    return world.limiter.cut(context, program.limitsCutTo);
  }
  if ('login' in program) return world.troubles.logins.add({ ...arming, ...program });
  if ('session' in program) return world.troubles.sessions.add({ ...arming, ...program });
  if ('invoice' in program) return world.troubles.invoices.add({ ...arming, ...program, invoiceNumbers });
  if ('guilty' in program)
    return world.troubles.guilty.add({ ...arming, ...program, invoiceNumbers: invoiceNumbers ?? [] });
  world.faults.add(faultSchema.parse({ ...program.call, skip, nip, times: aim.times ?? program.call.times }));
}

/** What is armed and not spent yet. */
export function armedFaults(world: World): (Fault | Trouble)[] {
  return [...world.faults.list(), ...world.troubles.list()];
}

export function clearFaults(world: World): void {
  world.faults.clear();
  world.troubles.clear();
  world.limiter.restore();
}
