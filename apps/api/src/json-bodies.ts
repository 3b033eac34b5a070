import type { FastifyInstance } from 'fastify';
import { parsedJson } from './intake/json-text.ts';

/** JSON bodies of small calls; an empty one is no body at all, since many clients name a type and send nothing. */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => (body.byteLength === 0 ? undefined : parsedJson(body)),
  );
}
