import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, holdsAnyOf } from '../auth/caller.ts';
import type { World } from '../world.ts';
import { queryOf } from './address.ts';
import { missingPermissions, unauthorized } from './errors.ts';
import { type Answer, type Call, type Operation, operationName } from './operation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
  interface FastifyRequest {
    /** Known once the token has been read. */
    caller: Caller | null;
  }
}

/** Adds one operation to the API: its route, admission by token, limit and permission, and its answer. */
export function serveOperation(app: FastifyInstance, world: World, operation: Operation): void {
  app.route({
    method: operation.method,
    url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
    config: { operation },
    onRequest: (request) => admit(world, operation, request),
    handler: async (request, reply) => send(reply, await perform(world, operation, request)),
  });
}

async function admit(world: World, operation: Operation, request: FastifyRequest): Promise<void> {
  request.caller = operation.access === 'open' ? null : await readCaller(world, operation.access, request);
  world.limiter.charge(operation, request.caller, request.ip);
  await world.background.wait(world.pace.callMs);
  if (operation.access === 'open' || operation.anyPermission === undefined || request.caller === null) return;
  if (!holdsAnyOf(request.caller, operation.anyPermission)) {
    throw missingPermissions(operation.anyPermission, request.caller.permissions);
  }
}

function readCaller(
  world: World,
  access: Exclude<Operation['access'], 'open'>,
  request: FastifyRequest,
): Promise<Caller> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  return world.mint.read(token, access);
}

async function perform(world: World, operation: Operation, request: FastifyRequest): Promise<Answer> {
  const call = callOf(world, request);
  if (operation.access === 'open') return operation.handle(call);
  if (request.caller === null) throw new Error(`${operationName(operation)} ran without a caller`);
  return operation.handle({ ...call, caller: request.caller });
}

function callOf(world: World, request: FastifyRequest): Call {
  const params = new Map(Object.entries(request.params ?? {}));
  return {
    world,
    request,
    body: request.body,
    param: (name) => String(params.get(name) ?? ''),
    query: queryOf(request.url),
  };
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.status(answer.status).headers(answer.headers ?? {});
  if (answer.type !== undefined) reply.type(answer.type);
  return answer.body === undefined ? reply.send() : reply.send(answer.body);
}
