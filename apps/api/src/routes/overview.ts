import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf, reachableNip } from '../access.ts';
import type { OverviewAnswer } from '../answers/overview-answer.ts';
import { requestCaller } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { followChanges } from '../follow-changes.ts';
import { overviewReadings } from '../overview-readings.ts';
import { problems } from '../schemas/common.ts';
import { overview } from '../schemas/overview.ts';
import { SSE_HEARTBEAT, sseEvent } from '../sse.ts';
import { eventStream, eventStreams } from '../stream-events.ts';

const TAGS = ['pages'];
const LOOK_EVERY_MS = 1_000;

const overviewQuery = z.object({ nip: z.string().optional().describe('of this seller alone') });

/** What goes on: now, and as it changes. */
export function overviewRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const readOverview = overviewReadings(deps);
    const stream = eventStreams(app);

    app.get(
      '/v1/overview',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'overview',
          tags: TAGS,
          summary: 'What goes on: states, throughput, sessions under way, budgets, deadlines, incidents',
          querystring: overviewQuery,
          response: { 200: overview, ...problems(400) },
        },
      },
      async (request) => await readOverview(nipsOf(deps, callerOf(request), request.query.nip)),
    );

    app.get(
      '/v1/overview/events',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'overviewEvents',
          tags: TAGS,
          summary:
            'The same as server-sent events: "overview" at once and when it changed, once a second at most',
          querystring: overviewQuery,
          response: { 200: eventStream('events whose data is the overview'), ...problems(400) },
        },
      },
      async (request, reply) => {
        const nips = nipsOf(deps, callerOf(request), request.query.nip);
        const look = async () => ((await mayStillLook(deps, request)) ? await readOverview(nips) : null);
        const everyMs = deps.progressEveryMs ?? LOOK_EVERY_MS;
        return stream(reply, (signal) => overviewEvents(look, { everyMs, signal }));
      },
    );
  };
}

function nipsOf(deps: ApiDeps, caller: Caller, nip: string | undefined): readonly string[] | null {
  if (nip !== undefined) return [reachableNip(deps, caller, nip)];
  return caller.sellers === 'all' ? null : caller.sellers;
}

/** A key may be deleted, and a session of a page end, while somebody looks on. Looking on puts no end off. */
async function mayStillLook(deps: ApiDeps, request: Parameters<typeof requestCaller>[1]): Promise<boolean> {
  try {
    await requestCaller(deps, request, false);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function* overviewEvents(
  look: () => Promise<OverviewAnswer | null>,
  following: Parameters<typeof followChanges>[2],
): AsyncGenerator<string> {
  const withoutTime = ({ at, ...seen }: OverviewAnswer): string => JSON.stringify(seen);
  for await (const seen of followChanges(look, withoutTime, following))
    yield seen === null ? SSE_HEARTBEAT : sseEvent('overview', seen);
}
