import { HOLD_ACTIONS, HOLD_CAUSES, laneKey } from '@wsad/domain';
import type { HeldFound, HeldGroup } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf, reachableNip } from '../access.ts';
import type { Caller } from '../caller.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../schemas/common.ts';
import { bulkResult, heldChoice, heldGroupPage, heldQuery } from '../schemas/held.ts';

const TAGS = ['held invoices'];

/** What is held, by cause, and what a person does with many of them at once; each is written down with who did it. */
export function heldInBulkRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/held',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listHeld',
          tags: TAGS,
          summary: 'What waits for a person, by seller and cause',
          querystring: heldQuery,
          response: { 200: heldGroupPage, ...problems(400) },
        },
      },
      async (request) => {
        const { nip, cursor, limit } = request.query;
        const caller = callerOf(request);
        if (nip !== undefined) reachableNip(deps, caller, nip);
        const page = await deps.ledger.heldGroups(nip, caller.sellers, groupAfter(cursor), limit);
        return { items: page.items.map(groupAnswer), nextCursor: cursorOf(page.nextCursor) };
      },
    );

    app.post(
      '/v1/invoices/retry',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'retryInvoices',
          tags: TAGS,
          summary: 'Held invoices back in line, once their cause is cured',
          body: heldChoice,
          response: { 200: bulkResult, ...problems(400, 415) },
        },
      },
      async (request) => {
        const caller = reaching(deps, callerOf(request), request.body);
        const found = await deps.ledger.retryMany(request.body, { ...caller, now: deps.clock() });
        ring(deps, found);
        return resultOf(found);
      },
    );

    app.post(
      '/v1/invoices/withdraw',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'withdrawInvoices',
          tags: TAGS,
          summary: 'Held invoices taken out for good',
          body: heldChoice,
          response: { 200: bulkResult, ...problems(400, 415) },
        },
      },
      async (request) => {
        const caller = reaching(deps, callerOf(request), request.body);
        return resultOf(await deps.ledger.withdrawMany(request.body, { ...caller, now: deps.clock() }));
      },
    );
  };
}

function groupAfter(cursor: string | undefined) {
  const key = keyOfCursor(cursor, (text) => /^\d{10} \w+$/.test(text));
  const [nip = '', holdCause = ''] = key?.split(' ') ?? [];
  return key === null ? null : { nip, holdCause };
}

function groupAnswer({ oldestAt, ...group }: HeldGroup): z.input<typeof heldGroupPage>['items'][number] {
  const { holdCause } = group;
  return {
    ...group,
    oldestAt: oldestAt.toISOString(),
    action: HOLD_ACTIONS[holdCause],
    advice: HOLD_CAUSES[holdCause],
  };
}

function reaching(deps: ApiDeps, caller: Caller, choice: z.output<typeof heldChoice>) {
  if ('nip' in choice) reachableNip(deps, caller, choice.nip);
  return { actor: caller.actor, sellers: caller.sellers };
}

function ring({ doorbell }: ApiDeps, { held }: HeldFound): void {
  const lanes = held.map(({ nip, form, mode }) => ({ nip, form, mode }));
  for (const lane of new Map(lanes.map((lane) => [laneKey(lane), lane])).values())
    void doorbell.dispatch(lane).catch(() => {});
}

const REFUSALS = {
  notFound: 'NOT_FOUND',
  notHeld: 'NOT_HELD',
  payloadDamaged: 'PAYLOAD_DAMAGED',
} as const;

function resultOf({ held, refused, more }: HeldFound): z.input<typeof bulkResult> {
  return {
    done: held.length,
    refused: refused.map(({ id, kind }) => ({ id, code: REFUSALS[kind] })),
    more,
  };
}
