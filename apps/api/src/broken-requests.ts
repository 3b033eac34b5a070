import type { Socket } from 'node:net';
import { Problem } from '@wsad/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, problemBody } from './problem-body.ts';
import { sendProblem } from './problem-handler.ts';

/** An address that cannot be decoded never comes to a route. */
export function answerBadAddress(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  sendProblem(request, reply, new Problem('NOT_FOUND', 'The address cannot be decoded.'));
}

/** Something came that is no HTTP, or its headers came too slowly: there is no request to answer, only a socket. */
export function answerBrokenHttp(newRequestId: () => string): (error: Error, socket: Socket) => void {
  return (_error, socket) => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const problem = new Problem('INVALID_REQUEST', 'This is no HTTP request, or it did not arrive in time.');
    const body = JSON.stringify(problemBody(problem, newRequestId()));
    const head = [
      'HTTP/1.1 400 Bad Request',
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
