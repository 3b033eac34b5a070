/** Faults of single calls: what is programmed, and which call it strikes. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { nipSchema } from '../auth/context-schema.ts';
import { aimsAt, createArmed } from '../faults/armed.ts';
import { type AnswerEdit, editSchema, fits } from '../faults/edit-answer.ts';
import { refusalSchema } from '../faults/refusal.ts';

/** A programmed fault: how the next calls of one operation go wrong. */
export const faultSchema = z.strictObject({
  /**
   * Method and template, such as `POST /sessions/batch/{ref}/close`; parameter names do not matter. `*` stands for
   * every call that brings a token.
   */
  operation: z.string().regex(/^(\*|[A-Z]+ \/\S*)$/),
  /** How many calls it strikes. */
  times: z.int().positive().default(1),
  /** How many calls it lets pass first. */
  skip: z.int().nonnegative().default(0),
  /** Strikes the calls of this seller alone. */
  nip: nipSchema.optional(),
  /** Strikes only calls that bring this header. */
  withHeader: z.string().toLowerCase().optional(),
  delayMs: z.int().nonnegative().default(0),
  /** Answered instead; without it, `refusal`, `drop` and `silent` the call is delayed and given the headers. */
  status: z.int().min(100).max(599).optional(),
  body: z.unknown().optional(),
  contentType: z.string().optional(),
  /** `{self}` in a value stands for the path called. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Refuses as KSeF itself would, in the format the caller asked for. */
  refusal: refusalSchema.optional(),
  /** Do the work first, then answer wrongly. */
  afterEffect: z.boolean().default(false),
  /** Cut the connection instead of answering. */
  drop: z.boolean().default(false),
  /** Never answer, and leave the connection open. */
  silent: z.boolean().default(false),
  /** Changes the true answer, where it is a success that fits. */
  edit: editSchema.optional(),
});

export type FaultRequest = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

/** A call as far as a fault can tell it from others. */
export type StruckCall = {
  operation: string;
  bringsToken: boolean;
  seller: string | null;
  headers: IncomingHttpHeaders;
};

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  list(): Fault[];
  /** The fault that strikes this call, used up by it. */
  strike(call: StruckCall): Fault | null;
  /** The fault that changes this answer, used up by it. */
  strikeAnswer(call: StruckCall, body: unknown): EditingFault | null;
};

export type EditingFault = Fault & { edit: AnswerEdit };

export function createFaults(): Faults {
  const calls = createArmed<Fault>();
  const answers = createArmed<EditingFault>();

  return {
    add(fault) {
      const { edit } = fault;
      if (edit === undefined) calls.add(fault);
      else answers.add({ ...fault, edit });
    },
    clear() {
      calls.clear();
      answers.clear();
    },
    list: () => [...calls.list(), ...answers.list()],
    strike: (call) => calls.strike((fault) => isFor(fault, call)),
    strikeAnswer: (call, body) => answers.strike((fault) => isFor(fault, call) && fits(fault.edit, body)),
  };
}

function isFor(fault: Fault, call: StruckCall): boolean {
  const named = fault.operation === '*' ? call.bringsToken : shape(fault.operation) === shape(call.operation);
  const marked = fault.withHeader === undefined || call.headers[fault.withHeader] !== undefined;
  return named && marked && aimsAt(fault, call.seller);
}

function shape(operation: string): string {
  return operation.replace(/\{[^}]*\}/g, '{}');
}
