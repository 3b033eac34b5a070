import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { noteCall } from './background.ts';
import { registerControl } from './control/control-routes.ts';
import { methodsAt, tidyAddress } from './http/address.ts';
import { problem } from './http/errors.ts';
import { faultHooks } from './http/fault-hooks.ts';
import { observeExchanges } from './http/observe.ts';
import { type Operation, operationName } from './http/operation.ts';
import { errorContextOf, refusalOf, renderError } from './http/render-error.ts';
import { serveOperation } from './http/serve.ts';
import { authOperations } from './routes/auth.ts';
import { batchOperations } from './routes/batch.ts';
import { invoiceOperations } from './routes/invoices.ts';
import { limitOperations } from './routes/limits.ts';
import { notEmulated } from './routes/not-emulated.ts';
import { onlineOperations } from './routes/online.ts';
import { receiptOperations } from './routes/receipts.ts';
import { sessionQueryOperations } from './routes/session-queries.ts';
import { testSubjectOperations } from './routes/test-subjects.ts';
import { testdataOperations } from './routes/testdata.ts';
import { tokenOperations } from './routes/tokens.ts';
import { registerStorage } from './storage/storage.ts';
import type { World } from './world.ts';

const BASE_PATH = '/v2';
const BODY_BYTES_MAX = 32_000_000;

/** Composes the HTTP side: KSeF's API under /v2, its storage beside it, the emulator's own controls. */
export function buildApp(world: World): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, caseSensitive: false },
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/' }) => tidyAddress(url, BASE_PATH),
  });
  for (const moment of ['onRequest', 'onResponse'] as const) app.addHook(moment, async () => noteCall());
  app.decorateRequest('fault', null);
  app.decorateRequest('caller', null);
  readBodies(app);
  if (world.settings.state !== undefined) saveBeforeAnswers(app, world);
  app.setErrorHandler((error, request, reply) => answerError(world, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    return answerError(world, notThere(world, request, reply), request, reply);
  });
  app.register(async (scope) => registerApi(scope, world), { prefix: BASE_PATH });
  app.register(async (scope) => registerStorage(scope, world));
  app.register(async (scope) => registerControl(scope, world));
  return app;
}

/** What a caller has been told is kept. */
function saveBeforeAnswers(app: FastifyInstance, world: World): void {
  app.addHook('onSend', async (_request, _reply, payload) => {
    await world.save();
    return payload;
  });
}

/** An address without this method is told from no address at all. */
function notThere(world: World, request: FastifyRequest, reply: FastifyReply): Error {
  const path = request.url.slice(BASE_PATH.length).split('?')[0] ?? '';
  const methods = methodsAt(operationsOf(world.settings.env), path);
  if (methods.length === 0) return problem(404, 'Not Found', `There is no ${request.method} ${request.url}.`);
  reply.header('allow', methods.join(', '));
  return problem(405, 'Method Not Allowed', `${request.url} knows ${methods.join(', ')} alone.`);
}

function registerApi(app: FastifyInstance, world: World): void {
  faultHooks(app, world, ({ method, routeOptions, url }) => {
    const { operation } = routeOptions.config;
    return operation === undefined ? `${method} ${url.slice(BASE_PATH.length)}` : operationName(operation);
  });
  const { onExchange, env } = world.settings;
  if (onExchange !== undefined) observeExchanges(app, BASE_PATH, onExchange);
  for (const operation of operationsOf(env)) serveOperation(app, world, operation);
}

function operationsOf(env: World['settings']['env']): Operation[] {
  const all = [
    ...authOperations,
    ...tokenOperations,
    ...limitOperations,
    ...batchOperations,
    ...onlineOperations,
    ...sessionQueryOperations,
    ...receiptOperations,
    ...invoiceOperations,
    ...testdataOperations,
    ...testSubjectOperations,
    ...notEmulated.map(([method, path]): Operation => refusing(method, path)),
  ];
  return all.filter(({ path }) => env === 'TEST' || !path.startsWith('/testdata'));
}

function refusing(method: Operation['method'], path: string): Operation {
  const handle = (): never => {
    throw problem(501, 'Not Implemented', `${method} ${path} is not emulated.`);
  };
  return { method, path, access: 'open', group: 'auth', handle };
}

/** JSON where there is any; a call without a body may still name a content type. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    try {
      done(null, text.trim() === '' ? undefined : JSON.parse(text));
    } catch {
      done(Object.assign(new Error('unreadable JSON'), { statusCode: 400 }));
    }
  });
  app.addContentTypeParser('application/xml', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, String(body)));
}

function answerError(
  world: World,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const rendered = renderError(refusalOf(error), errorContextOf(world, request));
  return reply
    .status(rendered.status)
    .headers(rendered.headers)
    .header('content-type', `${rendered.type}; charset=utf-8`)
    .send(JSON.stringify(rendered.body));
}
