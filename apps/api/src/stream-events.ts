import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { sendAsIs } from './send-as-is.ts';

/** What a route of server-sent events answers. */
export const eventStream = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: z.string() } },
});

/** Sends events for as long as somebody reads and the server is up. */
export function eventStreams(app: FastifyInstance) {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  return (reply: FastifyReply, events: (signal: AbortSignal) => AsyncIterable<string>): FastifyReply => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const stream = Readable.from(events(AbortSignal.any([gone.signal, closing.signal])));
    reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    return sendAsIs(reply, 200, 'text/event-stream; charset=utf-8', stream);
  };
}
