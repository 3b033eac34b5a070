/** By what all that comes of a call is told: the caller's own id where it is one, else one of ours. */
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID_BYTES = 12;
/** Letters, digits and what identifiers are put together with: nothing that a log or a header would have to escape. */
export const REQUEST_ID_PATTERN = /^[\w.:-]{1,64}$/;

export interface RequestIds {
  anew(): string;
  of(request: IncomingMessage): string;
}

export function requestIds(randomBytes: (count: number) => Buffer): RequestIds {
  const anew = (): string => randomBytes(REQUEST_ID_BYTES).toString('hex');
  return {
    anew,
    of({ headers }) {
      const given = headers[REQUEST_ID_HEADER];
      return typeof given === 'string' && REQUEST_ID_PATTERN.test(given) ? given : anew();
    },
  };
}
