import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import { latarniaAnswer, messageAnswer, outageAnswer } from '../answers/availability-answer.ts';
import type { ApiDeps } from '../deps.ts';
import { availability, outage, outageDecision } from '../schemas/availability.ts';
import { problems } from '../schemas/common.ts';

const TAGS = ['operation'];
const MESSAGES_MAX = 200;

/** Whether KSeF is there, what its status service says, and what a person has decided of it. */
export function availabilityRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/availability',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'availability',
          tags: TAGS,
          summary: "KSeF's availability: our own calls, its status service, decisions of people",
          response: { 200: availability, ...problems() },
        },
      },
      async () => {
        const { state, latarnia } = await deps.ledger.connection(deps.clock());
        const [decided, messages] = await Promise.all([
          deps.ledger.outages(),
          deps.ledger.latarniaMessages(MESSAGES_MAX),
        ]);
        return {
          connection: state,
          latarnia: latarniaAnswer(latarnia),
          outages: decided.map(outageAnswer).reverse(),
          messages: messages.map(messageAnswer),
        };
      },
    );

    app.post(
      '/v1/availability',
      {
        config: { access: 'administrator' },
        schema: {
          operationId: 'decideAvailability',
          tags: TAGS,
          summary: 'Decide that KSeF was, by law, unavailable or failed: it moves deadlines',
          description: 'The same kind and startedAt again only changes endedAt.',
          body: outageDecision,
          response: { 200: outage, ...problems(400, 415) },
        },
      },
      async (request) => {
        const { kind, startedAt, endedAt = null } = request.body;
        const decision = {
          kind,
          startedAt: new Date(startedAt),
          endedAt: endedAt === null ? null : new Date(endedAt),
        };
        return outageAnswer(await deps.ledger.decideOutage(decision, callerOf(request).actor, deps.clock()));
      },
    );
  };
}
