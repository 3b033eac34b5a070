import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Sends a body that is finished already, byte for byte. */
export function sendAsIs(
  reply: FastifyReply,
  status: number,
  mediaType: string,
  body: string | Buffer | Readable,
): FastifyReply {
  return reply.code(status).type(mediaType).serializer(String).send(body);
}
