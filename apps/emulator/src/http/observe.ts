import type { FastifyInstance } from 'fastify';
import type { Exchange } from './exchange.ts';
import { isFaulted } from './fault-hooks.ts';

declare module 'fastify' {
  interface FastifyRequest {
    isBodyRead: boolean;
  }
}

/** Tells the observer of every answered call of this scope, as it went over the wire. */
export function observeExchanges(
  app: FastifyInstance,
  basePath: string,
  tell: (exchange: Exchange) => void,
): void {
  app.decorateRequest('isBodyRead', false);
  app.addHook('preParsing', async (request, _reply, payload) => {
    request.isBodyRead = true;
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    tell({
      method: request.method,
      path: request.url.slice(basePath.length),
      requestHeaders: request.headers,
      requestBody: Buffer.isBuffer(request.body) ? request.body.toString('utf8') : request.body,
      isBodyRead: request.isBodyRead,
      status: reply.statusCode,
      responseHeaders: reply.getHeaders(),
      responseBody: readable(payload, String(reply.getHeader('content-type') ?? '')),
      faulted: isFaulted(request),
    });
    return payload;
  });
}

function readable(payload: unknown, contentType: string): unknown {
  if (payload === undefined || payload === null || payload === '') return undefined;
  const text = Buffer.isBuffer(payload) ? payload.toString('utf8') : payload;
  if (typeof text !== 'string' || !/\bjson\b/.test(contentType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
