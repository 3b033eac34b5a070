import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../control/faults.ts';
import type { World } from '../world.ts';

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
    const name = nameOf(request);
    world.calls.count(name);
    request.fault = world.faults.strike(name);
    if (request.fault !== null && !request.fault.afterEffect)
      await strikeBefore(request.fault, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { fault } = request;
    if (fault === null || !fault.afterEffect) return payload;
    await sleep(fault.delayMs);
    if (fault.drop) request.raw.socket.destroy();
    return fault.status === undefined ? payload : disguise(fault, fault.status, reply);
  });
}

async function strikeBefore(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await sleep(fault.delayMs);
  if (fault.drop) {
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  if (fault.status === undefined) return;
  request.raw.resume();
  await reply.send(disguise(fault, fault.status, reply));
}

/** Gives the answer the fault's looks; answers the body to send. */
function disguise(fault: Fault, status: number, reply: FastifyReply): string {
  const isText = typeof fault.body === 'string';
  const text = isText ? String(fault.body) : (JSON.stringify(fault.body) ?? '');
  reply.status(status).headers(fault.headers);
  reply.header('content-type', fault.contentType ?? (isText ? 'text/html' : 'application/json'));
  reply.header('content-length', Buffer.byteLength(text));
  return text;
}
