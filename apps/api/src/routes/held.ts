import { Problem } from '@wsad/domain';
import type { ActionRefusal, PersonAction, ResolveResult } from '@wsad/ledger';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { invoice, resolution } from '../schemas/invoice.ts';
import { invoiceOf } from './invoices.ts';

const TAGS = ['held invoices'];

/** What a person does with an invoice that is held; each is written down with who did it. */
export function heldRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/invoices/:id/retry',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'retryInvoice',
          tags: TAGS,
          summary: 'Back in line, once the cause is cured',
          params: idParams,
          response: { 200: invoice, ...problems(404, 409, 500) },
        },
      },
      async (request) => {
        const action = actionOf(deps, request, request.params.id);
        const result = await deps.ledger.retryHeld(action);
        if (result.kind !== 'done') throw refusalOf(result);
        void deps.doorbell.dispatch(result.lane).catch(() => {});
        return await invoiceOf(deps, action.invoiceId, action.sellers);
      },
    );

    app.post(
      '/v1/invoices/:id/withdraw',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'withdrawInvoice',
          tags: TAGS,
          summary: 'Taken out for good',
          params: idParams,
          response: { 200: invoice, ...problems(404, 409) },
        },
      },
      async (request) => {
        const action = actionOf(deps, request, request.params.id);
        const result = await deps.ledger.withdrawHeld(action);
        if (result.kind !== 'done') throw refusalOf(result);
        return await invoiceOf(deps, action.invoiceId, action.sellers);
      },
    );

    app.post(
      '/v1/invoices/:id/resolve',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'resolveInvoice',
          tags: TAGS,
          summary: "A person's verdict on a duplicate that cannot be told",
          params: idParams,
          body: resolution,
          response: { 200: invoice, ...problems(400, 404, 409, 415) },
        },
      },
      async (request) => {
        const action = actionOf(deps, request, request.params.id);
        const result = await deps.ledger.resolveHeld(action, request.body);
        if (result.kind !== 'done') throw unresolved(result);
        return await invoiceOf(deps, action.invoiceId, action.sellers);
      },
    );
  };
}

function actionOf(deps: ApiDeps, request: FastifyRequest, invoiceId: string): PersonAction {
  const { actor, sellers } = callerOf(request);
  return { invoiceId, actor, sellers, now: deps.clock() };
}

function refusalOf(refusal: ActionRefusal): Problem {
  switch (refusal.kind) {
    case 'notFound':
      return new Problem('NOT_FOUND', 'There is no such invoice.');
    case 'notHeld':
      return new Problem('NOT_HELD', `It is ${refusal.state}.`);
    case 'payloadDamaged':
      return new Problem('PAYLOAD_DAMAGED');
  }
}

function unresolved(result: Exclude<ResolveResult, { kind: 'done' }>): Problem {
  switch (result.kind) {
    case 'notADuplicate':
      return new Problem('NOT_A_DOUBTFUL_DUPLICATE', `It is held for another cause: ${result.cause}.`);
    case 'invalidNumber':
      return new Problem('INVALID_KSEF_NUMBER');
    case 'numberTaken':
      return new Problem('INVALID_KSEF_NUMBER', 'Another invoice has this KSeF number already.');
    default:
      return refusalOf(result);
  }
}
