/** A run told in advance: which faults of the catalogue come, and after how many calls of what. */
import { z } from 'zod';
import type { World } from '../world.ts';
import { callNames, calls } from './calls.ts';
import { aimSchema, enableFault, objection } from './enable.ts';

const operations: readonly string[] = callNames.map((name) => calls[name].operation);

const stepSchema = aimSchema.extend({
  fault: z.string(),
  /** Left out: from the start. */
  at: z
    .strictObject({
      /** One of the operations the catalogue knows, such as `POST /sessions/batch`. */
      operation: z.string().refine((name) => operations.includes(name), 'no operation of the catalogue'),
      /** The fault is switched on when so many calls of the operation have arrived, and strikes from the next. */
      calls: z.int().positive(),
    })
    .optional(),
});

export const scenarioSchema = z.array(
  stepSchema.superRefine((step, context) => {
    const message = objection(step.fault, aimOf(step));
    if (message !== null) context.addIssue({ code: 'custom', path: ['fault'], message });
  }),
);

export type ScenarioStep = z.infer<typeof stepSchema>;

export type Scenario = {
  /** Switches on what waits for nothing. */
  begin(world: World): Promise<void>;
  /** Counts an arrived call, and switches on what waited for it. */
  advance(world: World, operation: string): Promise<void>;
};

/** Reads a scenario file, or throws an error that names every wrong step. */
export function readScenario(text: string): ScenarioStep[] {
  const parsed = scenarioSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`The scenario cannot be used.\n${z.prettifyError(parsed.error)}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`The scenario is not JSON: ${String(error)}`);
  }
}

export function createScenario(steps: readonly ScenarioStep[]): Scenario {
  const arrived = new Map<string, number>();

  async function begin(world: World): Promise<void> {
    for (const step of steps) if (step.at === undefined) await enableFault(world, step.fault, aimOf(step));
  }

  async function advance(world: World, operation: string): Promise<void> {
    const count = (arrived.get(operation) ?? 0) + 1;
    arrived.set(operation, count);
    const due = steps.filter(({ at }) => at?.operation === operation && at.calls === count);
    for (const step of due) await enableFault(world, step.fault, aimOf(step));
  }

  return { begin, advance };
}

function aimOf({ fault: _fault, at: _at, ...aim }: ScenarioStep): z.infer<typeof aimSchema> {
  return aim;
}
