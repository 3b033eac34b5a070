import cookies from '@fastify/cookie';
import { correlated } from '@wsad/telemetry';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { guardAccess } from './access.ts';
import { answerBadAddress, answerBrokenHttp } from './broken-requests.ts';
import type { ApiDeps } from './deps.ts';
import { parseJsonBodies } from './json-bodies.ts';
import { describeApi } from './openapi.ts';
import { handleProblems } from './problem-handler.ts';
import { serveQueueBoard } from './queue-board.ts';
import { requestIds } from './request-id.ts';
import { authSessionRoutes } from './routes/auth-sessions.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { confirmationRoutes } from './routes/confirmation.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { documentRoutes } from './routes/documents.ts';
import { healthRoutes } from './routes/health.ts';
import { heldRoutes } from './routes/held.ts';
import { heldInBulkRoutes } from './routes/held-in-bulk.ts';
import { homeRoutes } from './routes/home.ts';
import { invoiceRoutes } from './routes/invoices.ts';
import { keyRoutes } from './routes/keys.ts';
import { offlineCertificateRoutes } from './routes/offline-certificate.ts';
import { overviewRoutes } from './routes/overview.ts';
import { pageSessionRoutes } from './routes/page-session.ts';
import { pauseRoutes } from './routes/pause.ts';
import { qrRoutes } from './routes/qr.ts';
import { sellerRoutes } from './routes/sellers.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { submissionEventRoutes } from './routes/submission-events.ts';
import { submissionRoutes } from './routes/submissions.ts';
import { submitRoutes } from './routes/submit.ts';
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { traceCalls } from './trace-calls.ts';

const ROUTES = [
  submitRoutes,
  submissionRoutes,
  submissionEventRoutes,
  invoiceRoutes,
  documentRoutes,
  qrRoutes,
  confirmationRoutes,
  authSessionRoutes,
  heldRoutes,
  heldInBulkRoutes,
  sellerRoutes,
  credentialRoutes,
  offlineCertificateRoutes,
  pauseRoutes,
  sessionRoutes,
  keyRoutes,
  pageSessionRoutes,
  overviewRoutes,
  availabilityRoutes,
  webhookRoutes,
  webhookDeliveryRoutes,
  healthRoutes,
];

/** A whole 256 MB body over a slow line takes minutes; a sender that trickles for longer is cut off. */
const REQUEST_MS_MAX = 600_000;
const SILENCE_MS_MAX = 120_000;
const HEADERS_MS_MAX = 20_000;
/** Of every body but that of a submission. */
const BODY_BYTES_MAX = 1_000_000;

/** The whole API, put together; it listens nowhere yet. */
export async function buildApi(deps: ApiDeps): Promise<FastifyInstance> {
  const ids = requestIds(deps.randomBytes);
  const app = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ids.of,
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerBrokenHttp(ids.anew),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: [...(deps.trustedProxies ?? [])],
    requestTimeout: REQUEST_MS_MAX,
    connectionTimeout: SILENCE_MS_MAX,
    http: { headersTimeout: HEADERS_MS_MAX },
    forceCloseConnections: 'idle',
    // While it drains, what still comes on a kept connection is answered like any other call, and the connection closed.
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  parseJsonBodies(app);
  handleProblems(app, deps.telemetry.emit);
  nameRequests(app);
  endConnectionsOnClosing(app);
  await app.register(cookies);
  guardAccess(app, deps);
  traceCalls(app);
  await describeApi(app);
  for (const routes of ROUTES) await app.register(routes(deps));
  await app.register(homeRoutes());
  await serveQueueBoard(app, deps);
  return app;
}

/** A caller who keeps its connection would hold up the end for as long as closing may take. */
function endConnectionsOnClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

function nameRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => correlated({ requestId: request.id }, done));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, apiCaller } = request;
    request.log.info(
      {
        method,
        route: routeOptions.url ?? null,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        actor: apiCaller?.actor ?? null,
      },
      'call answered',
    );
  });
}
