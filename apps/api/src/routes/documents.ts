import { type InvoiceState, originalBytes, Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { sendAsIs } from '../send-as-is.ts';

const TAGS = ['invoices'];
const XML = 'application/xml';
const RETRY_AFTER_S = 2;

const pendingReceipt = z.object({ status: z.literal('pending'), state: z.string() });

/** The documents themselves, byte for byte. */
export function documentRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/invoices/:id/xml',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'invoiceXml',
          tags: TAGS,
          summary: 'The invoice as it was handed in, byte for byte',
          params: idParams,
          response: {
            200: { description: 'the invoice', content: { [XML]: { schema: z.string() } } },
            ...problems(404, 500),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const stored = await deps.ledger.payload(id, callerOf(request).sellers);
        if (stored === null) throw new Problem('NOT_FOUND', 'There is no such invoice.');
        const original = originalBytes(stored);
        if (original === null) throw new Problem('PAYLOAD_DAMAGED');
        reply.headers({ etag: `"${stored.sha256}"`, 'content-disposition': attachment(`${id}.xml`) });
        return sendAsIs(reply, 200, XML, original);
      },
    );

    app.get(
      '/v1/invoices/:id/upo',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'invoiceUpo',
          tags: TAGS,
          summary: "KSeF's receipt (UPO), byte for byte; 202 with Retry-After while it is not there yet",
          params: idParams,
          querystring: z.object({
            scope: z
              .enum(['session', 'invoice'])
              .default('session')
              .describe(
                "session: the receipt of the session that holds the invoice; invoice: the invoice's own",
              ),
          }),
          response: {
            200: { description: 'the receipt', content: { [XML]: { schema: z.string() } } },
            202: pendingReceipt.describe('not there yet: ask again after Retry-After seconds'),
            ...problems(400, 404, 409),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { scope } = request.query;
        const upo = await deps.ledger.upo(id, callerOf(request).sellers, scope);
        if (upo === null) throw new Problem('NOT_FOUND', 'There is no such invoice.');
        if (upo.kind === 'none') throw new Problem('UPO_NOT_AVAILABLE', whyNone(upo.state, scope));
        if (upo.kind === 'ready') {
          reply.headers({ etag: `"${upo.sha256}"`, 'content-disposition': attachment(`upo-${id}.xml`) });
          return sendAsIs(reply, 200, XML, upo.xml);
        }
        if (scope === 'invoice' && upo.state === 'cleared')
          void deps.doorbell.invoiceReceipt(id).catch(() => {});
        reply.header('retry-after', RETRY_AFTER_S);
        return reply.code(202).send({ status: 'pending', state: upo.state });
      },
    );
  };
}

/** A cleared invoice may be missing in the session's receipt: then only its own can tell. */
function whyNone(state: InvoiceState, scope: 'session' | 'invoice'): string {
  if (state !== 'cleared') return `The invoice is ${state}.`;
  return scope === 'session'
    ? 'The receipt of its session does not hold this invoice. Ask for its own with ?scope=invoice.'
    : 'KSeF does not give its receipt to this seller: it was registered in a session of somebody else.';
}

function attachment(fileName: string): string {
  return `attachment; filename="${fileName}"`;
}
