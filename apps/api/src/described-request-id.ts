/** The id that every call is told by, in the description of the API: each call may bring one, each answer has it. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { REQUEST_ID_HEADER, REQUEST_ID_PATTERN } from './request-id.ts';

type Description = ReturnType<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>;

/** As much as has to be known of them. */
interface Answer {
  readonly headers?: object;
}
interface Operation {
  readonly parameters?: readonly unknown[];
  readonly responses?: Readonly<Record<string, Answer>>;
}

const schema = { type: 'string', pattern: REQUEST_ID_PATTERN.source };
const parameters = {
  RequestId: {
    name: REQUEST_ID_HEADER,
    in: 'header',
    required: false,
    description: 'names the call in logs and timelines; anything that does not fit is replaced',
    schema,
  },
};
const headers = {
  RequestId: { description: 'by what logs and timelines tell the call', required: true, schema },
};

export function withRequestId(description: Description): Description {
  if (!('openapi' in description)) return description;
  const { paths = {}, components } = description;
  return Object.assign(description, {
    paths: eachOf(paths, (operations: object) => eachOf(operations, told)),
    components: { ...components, parameters, headers },
  });
}

function told({ parameters = [], responses = {}, ...operation }: Operation): Operation {
  return {
    ...operation,
    parameters: [...parameters, { $ref: '#/components/parameters/RequestId' }],
    responses: eachOf(responses, (response: Answer) => ({
      ...response,
      headers: { ...response.headers, [REQUEST_ID_HEADER]: { $ref: '#/components/headers/RequestId' } },
    })),
  };
}

function eachOf<From, To>(all: object, change: (one: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(all).map(([key, one]) => [key, change(one)]));
}
