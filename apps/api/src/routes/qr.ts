import { Problem } from '@wsad/domain';
import type { InvoiceRecord } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import { linkOf } from '../answers/invoice-answer.ts';
import { certificateLinkOf } from '../certificate-link-of.ts';
import type { ApiDeps } from '../deps.ts';
import { qrPng, qrSvg } from '../qr/image.ts';
import { idParams, problems } from '../schemas/common.ts';
import { sendAsIs } from '../send-as-is.ts';

const TAGS = ['invoices'];
const SVG = 'image/svg+xml';
const PNG = 'image/png';

const qrQuery = z.object({
  code: z
    .enum(['1', '2'])
    .default('1')
    .describe('1: KOD I, the invoice in KSeF; 2: KOD II, the issuer of an offline invoice'),
  format: z.enum(['svg', 'png']).default('svg'),
  size: z.coerce.number().int().min(240).max(2000).default(300).describe('width in pixels'),
});

/** The QR codes that an invoice handed over outside of KSeF must carry, with the label that belongs under each. */
export function qrRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/invoices/:id/qr',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'invoiceQr',
          tags: TAGS,
          summary: 'A QR code of the invoice, with its label',
          params: idParams,
          querystring: qrQuery,
          response: {
            200: {
              description: 'the picture',
              content: { [SVG]: { schema: z.string() }, [PNG]: { schema: z.string() } },
            },
            ...problems(400, 404, 409),
          },
        },
      },
      async (request, reply) => {
        const record = await deps.ledger.invoice(request.params.id, callerOf(request).sellers);
        if (record === null) throw new Problem('NOT_FOUND', 'There is no such invoice.');
        const { code, format, size: sizePx } = request.query;
        const picture = { ...(await contentOf(deps, record, code)), sizePx };
        return format === 'svg'
          ? sendAsIs(reply, 200, SVG, qrSvg(picture))
          : sendAsIs(reply, 200, PNG, qrPng(picture));
      },
    );
  };
}

/** Source of the labels: KSeF documentation, "Kody QR". */
async function contentOf(
  deps: ApiDeps,
  record: InvoiceRecord,
  code: '1' | '2',
): Promise<{ link: string; label: string }> {
  const link = code === '1' ? linkOf(record, deps.rules.qrHost) : await certificateLinkOf(deps, record);
  if (link === null) throw new Problem('QR_NOT_AVAILABLE');
  return { link, label: code === '2' ? 'CERTYFIKAT' : (record.ksefNumber ?? 'OFFLINE') };
}
