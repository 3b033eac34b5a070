/** Makes one call of KSeF's API: a place in its window, the exchange, the event, and a KsefFault for all but success. */
import {
  type CallSlot,
  type EmitEvent,
  KSEF_OPERATIONS,
  type KsefOperation,
  type Observe,
  type Pacer,
  type WorkFacts,
} from '@wsad/domain';
import type { z } from 'zod';
import { isOfKsef, jsonOf, kindOf } from './bodies.ts';
import { clockReading } from './clock-reading.ts';
import { type FaultContext, faultOf, unansweredFault, unexpectedFault, unreadableFault } from './faults.ts';
import { watchSystemWarnings } from './system-warnings.ts';
import { type Answer, Unanswered, type Wire } from './wire.ts';

export interface Call {
  readonly operation: KsefOperation;
  readonly nip: string | null;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base address, with its query. */
  readonly path: string;
  readonly bearer?: string | undefined;
  readonly json?: unknown;
  /** A body that is XML already. */
  readonly xml?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What must never be quoted back, besides the bearer. */
  readonly secrets?: readonly string[];
  readonly unrepeatable?: boolean;
  readonly answerBytesMax?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Caller {
  /** The answer of a call that succeeded (any 2xx). */
  answer(call: Call): Promise<Answer>;
  /** The parsed answer; one that misses what is needed is a fault. */
  json<T>(call: Call, schema: z.ZodType<T>): Promise<T>;
  /** For calls whose success is 204 and nothing else. */
  done(call: Call): Promise<void>;
}

export interface CallerOptions {
  readonly baseUrl: string;
  readonly wire: Wire;
  readonly pacer: Pacer;
  readonly clock: () => Date;
  readonly emit: EmitEvent;
  readonly callMs: number;
  readonly observe: Observe;
}

/** A page of 1,000 invoices is about 1 MB. */
const ANSWER_BYTES_MAX = 16_000_000;

export function createCaller(options: CallerOptions): Caller {
  const warned = watchSystemWarnings(options.emit, options.clock);
  const answer = (call: Call) => callKsef(options, call, warned);
  return {
    answer,
    json: async (call, schema) => readJson(call, await answer(call), schema),
    done: async (call) => {
      const given = await answer(call);
      if (given.status !== 204) throw unexpectedFault(contextOf(call), given);
    },
  };
}

async function callKsef(
  options: CallerOptions,
  call: Call,
  warned: (operation: string, answer: Answer) => void,
): Promise<Answer> {
  const answer = await pacedExchange(options, call);
  warned(call.operation, answer);
  if (answer.status >= 200 && answer.status < 300) return answer;
  const fault = faultOf(contextOf(call), answer, options.clock());
  if (answer.status === 429) await noteRefusal(options, call, fault.fault.retryAfterMs ?? 0);
  throw fault;
}

async function pacedExchange(options: CallerOptions, call: Call): Promise<Answer> {
  const { operation, nip, method } = call;
  const askedAt = options.clock().getTime();
  const slot = await options.pacer.take(operation, nip);
  const limitWaitMs = options.clock().getTime() - askedAt;
  const work = {
    name: 'ksef.call',
    call: { operation, method, template: templateOf(operation), url: new URL(options.baseUrl) },
    ...(nip !== null && { of: { nip } }),
    facts: { limitWaitMs },
  } as const;
  return await options.observe(work, (tell) => exchangeInSlot(options, call, slot, tell));
}

/** As KSeF's specification writes the path. */
function templateOf(operation: KsefOperation): string {
  const { endpoint } = KSEF_OPERATIONS[operation];
  return endpoint.slice(endpoint.indexOf('/'));
}

async function exchangeInSlot(
  options: CallerOptions,
  call: Call,
  slot: CallSlot,
  tell: (facts: WorkFacts) => void,
): Promise<Answer> {
  const begun = options.clock().getTime();
  let status: number | null = null;
  let byKsef: boolean | null = false;
  try {
    const answer = await options.wire.exchange(exchangeOf(options, call));
    status = answer.status;
    byKsef = isOfKsef(answer);
    const reading = clockReading(call, answer, begun, options.clock().getTime());
    if (reading !== null) options.emit({ type: 'ksef.clock', ...reading });
    return answer;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    status = error.status;
    if (call.signal?.aborted === true) byKsef = null;
    throw unansweredFault(contextOf(call), error);
  } finally {
    // A place that cannot be given back is presumed given back later; KSeF's answer matters more.
    await slot.answered(byKsef).catch(() => undefined);
    const durationMs = options.clock().getTime() - begun;
    if (status !== null) tell({ status });
    options.emit({ type: 'ksef.called', operation: call.operation, nip: call.nip, status, durationMs });
  }
}

function exchangeOf(options: CallerOptions, call: Call) {
  return {
    url: new URL(options.baseUrl + call.path),
    method: call.method,
    headers: {
      accept: 'application/json, application/problem+json, application/xml;q=0.9',
      ...bodyTypeOf(call),
      ...(call.bearer === undefined ? {} : { authorization: `Bearer ${call.bearer}` }),
      ...call.headers,
    },
    body: call.json === undefined ? call.xml : JSON.stringify(call.json),
    answerBytesMax: call.answerBytesMax ?? ANSWER_BYTES_MAX,
    totalMs: options.callMs,
    signal: call.signal,
  };
}

function bodyTypeOf(call: Call): { 'content-type'?: string } {
  if (call.xml !== undefined) return { 'content-type': 'application/xml' };
  return call.json === undefined ? {} : { 'content-type': 'application/json' };
}

/** The fault goes to the caller whether or not the other processes could be told. */
async function noteRefusal(options: CallerOptions, call: Call, retryAfterMs: number): Promise<void> {
  const { operation, nip } = call;
  options.emit({ type: 'ksef.rateLimited', operation, nip, retryAfterMs });
  const until = new Date(options.clock().getTime() + retryAfterMs);
  await options.pacer.refused(operation, nip, until).catch(() => undefined);
}

export function contextOf(call: Call): FaultContext {
  const bearer = call.bearer === undefined ? [] : [call.bearer];
  return {
    operation: call.operation,
    unrepeatable: call.unrepeatable ?? false,
    secrets: [...bearer, ...(call.secrets ?? [])],
  };
}

function readJson<T>(call: Call, answer: Answer, schema: z.ZodType<T>): T {
  const json = jsonOf(answer);
  if (json === undefined)
    throw unreadableFault(contextOf(call), answer.status, `no readable JSON but ${kindOf(answer)}`);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join('.') || 'the answer itself').slice(0, 5);
  throw unreadableFault(contextOf(call), answer.status, `missing or malformed: ${missing.join(', ')}`);
}
