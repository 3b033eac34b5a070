/** Where programmed faults meet calls: before the work, after it, and on the answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EditingFault, Fault, StruckCall } from '../control/faults.ts';
import { editedBody } from '../faults/edit-answer.ts';
import { refusalError } from '../faults/refusal.ts';
import { sellerOf } from '../faults/seller-of.ts';
import type { World } from '../world.ts';
import { errorContextOf, renderError } from './render-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The programmed fault that strikes this call. */
    fault: Fault | null;
  }
}

/** Counts the calls of a scope and lets programmed faults strike, before or after the work. */
export function faultHooks(
  app: FastifyInstance,
  world: World,
  nameOf: (request: FastifyRequest) => string,
): void {
  app.addHook('onRequest', async (request, reply) => {
    const call = struckCall(world, nameOf(request), request);
    world.calls.count(call.operation);
    request.fault = world.faults.strike(call);
    await world.scenario.advance(world, call.operation);
    if (request.fault !== null && !request.fault.afterEffect)
      await strikeBefore(request.fault, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { fault } = request;
    if (fault !== null) return strikeAnswer(world, fault, request, reply, payload);
    const body = reply.statusCode < 300 ? readable(payload) : undefined;
    const editing =
      body === undefined
        ? null
        : world.faults.strikeAnswer(struckCall(world, nameOf(request), request), body);
    if (editing === null) return payload;
    request.fault = editing;
    return edit(editing, request, reply, payload, body);
  });
}

/** Whether the answer is the fault's and not the emulator's own. */
export function isFaulted({ fault }: FastifyRequest): boolean {
  if (fault === null) return false;
  const { status, refusal, drop, silent, edit: changes } = fault;
  return status !== undefined || refusal !== undefined || changes !== undefined || drop || silent;
}

function struckCall(world: World, operation: string, request: FastifyRequest): StruckCall {
  const served = request.routeOptions.config.operation;
  const bringsToken = served !== undefined && served.access !== 'open';
  return { operation, bringsToken, seller: sellerOf(world, request), headers: request.headers };
}

async function strikeBefore(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await sleep(fault.delayMs);
  if (fault.drop || fault.silent) {
    reply.hijack();
    request.raw.resume();
    if (fault.drop) request.raw.socket.destroy();
    return;
  }
  if (fault.refusal !== undefined) throw refusalError(fault.refusal);
  if (fault.status === undefined) return;
  request.raw.resume();
  await reply.send(disguise(fault, fault.status, request, reply));
}

/** What becomes of the answer of a call that a fault struck. */
async function strikeAnswer(
  world: World,
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  reply.headers(headersOf(fault, request));
  if (!fault.afterEffect) return payload;
  await sleep(fault.delayMs);
  if (fault.drop) request.raw.socket.destroy();
  if (fault.silent) await closed(request);
  if (fault.refusal !== undefined) return refuse(world, fault.refusal, request, reply);
  return fault.status === undefined ? payload : disguise(fault, fault.status, request, reply);
}

/** Resolves when the caller has given up, or the emulator closes. */
function closed({ raw }: FastifyRequest): Promise<void> {
  if (raw.socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => raw.socket.once('close', () => resolve()));
}

function refuse(
  world: World,
  ordered: NonNullable<Fault['refusal']>,
  request: FastifyRequest,
  reply: FastifyReply,
): string {
  const rendered = renderError(refusalError(ordered).refusal, errorContextOf(world, request));
  reply.status(rendered.status).headers(rendered.headers);
  return withLength(reply, `${rendered.type}; charset=utf-8`, JSON.stringify(rendered.body));
}

function edit(
  fault: EditingFault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  body: unknown,
): unknown {
  reply.headers(headersOf(fault, request));
  if (typeof payload !== 'string') return payload;
  return withLength(reply, String(reply.getHeader('content-type')), editedBody(fault.edit, body));
}

/** The answer as an edit looks at it: its JSON, or the bare fact that there is one. */
function readable(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload ?? undefined;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** Gives the answer the fault's looks; answers the body to send. */
function disguise(fault: Fault, status: number, request: FastifyRequest, reply: FastifyReply): string {
  const isText = typeof fault.body === 'string';
  const text = isText ? String(fault.body) : (JSON.stringify(fault.body) ?? '');
  reply.status(status).headers(headersOf(fault, request));
  return withLength(reply, fault.contentType ?? (isText ? 'text/html' : 'application/json'), text);
}

function withLength(reply: FastifyReply, type: string, text: string): string {
  reply.header('content-type', type);
  reply.header('content-length', Buffer.byteLength(text));
  return text;
}

function headersOf({ headers }: Fault, { url }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('{self}', url)]),
  );
}
