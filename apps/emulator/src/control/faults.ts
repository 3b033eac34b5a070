import { z } from 'zod';

/** A programmed fault: how the next calls of one operation go wrong. */
export const faultSchema = z.strictObject({
  /** Method and template, such as `POST /sessions/batch/{ref}/close`; parameter names do not matter. */
  operation: z.string().regex(/^[A-Z]+ \/\S*$/),
  /** How many calls it strikes. */
  times: z.int().positive().default(1),
  /** How many calls it lets pass first. */
  skip: z.int().nonnegative().default(0),
  delayMs: z.int().nonnegative().default(0),
  /** Answered instead; without status and drop the call is only delayed. */
  status: z.int().min(100).max(599).optional(),
  body: z.unknown().optional(),
  contentType: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Do the work first, then answer wrongly. */
  afterEffect: z.boolean().default(false),
  /** Cut the connection instead of answering. */
  drop: z.boolean().default(false),
});

export type FaultRequest = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  list(): Fault[];
  /** The fault that strikes this call, used up by it. */
  strike(operation: string): Fault | null;
};

export function createFaults(): Faults {
  let faults: Fault[] = [];

  function strike(operation: string): Fault | null {
    const target = shape(operation);
    const fault = faults.find((candidate) => shape(candidate.operation) === target);
    if (fault === undefined) return null;
    if (fault.skip > 0) {
      fault.skip -= 1;
      return null;
    }
    fault.times -= 1;
    if (fault.times === 0) faults = faults.filter((other) => other !== fault);
    return fault;
  }

  return {
    add: (fault) => void faults.push(fault),
    clear: () => {
      faults = [];
    },
    list: () => [...faults],
    strike,
  };
}

function shape(operation: string): string {
  return operation.replace(/\{[^}]*\}/g, '{}');
}
