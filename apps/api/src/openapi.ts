import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accessOf } from './access.ts';
import { withRequestId } from './described-request-id.ts';
import { PAGE_COOKIE } from './page-cookie.ts';

const DESCRIPTION = `Takes invoices in bulk and gets every one of them into KSeF: fast, exactly once, within the law.

Send \`Authorization: Bearer <api key>\` with every call. Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Times are ISO 8601 UTC, sizes bytes, hashes SHA-256 in base64.`;

/** Everything the page needs comes from this server; plain http must work where there is no TLS in front. */
const DOCS_CSP = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'style-src': ["'self'", "'unsafe-inline'"],
};

/** OpenAPI 3.1 from the very schemas that judge requests, and a page that shows it without any other server. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'wsad', version: '0.1.0', description: DESCRIPTION, license: { name: 'MIT' } },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'an API key' },
          page: { type: 'apiKey', in: 'cookie', name: PAGE_COOKIE, description: 'the session of a page' },
        },
      },
      security: [{ apiKey: [] }, { page: [] }],
    },
    transform: (document) => {
      const described = jsonSchemaTransform({ ...document, schema: withoutBodies(document.schema) });
      const security = accessOf(document.route.config) === 'public' ? { security: [] } : {};
      return {
        url: described.url,
        schema: { ...described.schema, ...bodiesOf(document.schema?.body), ...security },
      };
    },
    transformObject: (document) => withRequestId(jsonSchemaTransformObject(document)),
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, () => app.swagger());
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_CSP });
  });
}

interface BodyByType {
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

function isByType(body: unknown): body is BodyByType {
  return typeof body === 'object' && body !== null && !(body instanceof z.ZodType) && 'content' in body;
}

function withoutBodies(schema: FastifySchema = {}): FastifySchema {
  const { body, ...rest } = schema;
  return isByType(body) || body === undefined ? rest : schema;
}

/** A schema for each content type, which the zod provider does not translate by itself. */
function bodiesOf(body: unknown): FastifySchema {
  if (!isByType(body)) return {};
  const content = Object.entries(body.content).map(([type, { schema }]) => [
    type,
    { schema: withoutDialect(z.toJSONSchema(schema, { io: 'input' })) },
  ]);
  return { body: { content: Object.fromEntries(content) } };
}

function withoutDialect({ $schema, ...schema }: z.core.JSONSchema.BaseSchema): object {
  return schema;
}
