import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Reply, Seen } from './scripted-server.ts';

const parameter = z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() });
const operation = z.looseObject({
  parameters: z.array(parameter).default([]),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.unknown()).optional(),
});
const specification = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.unknown(),
});

/** The Ministry's specification as a judge of single requests and answers; both answer what is wrong, line by line. */
export interface Specification {
  request(seen: Seen): string[];
  answer(seen: Seen, reply: Reply): string[];
}

export function loadSpecification(root: string): Specification {
  const text = readFileSync(join(root, 'open-api-2.7.0.json'), 'utf8');
  const document = specification.parse(mended(JSON.parse(text)));
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'spec', ...document });
  const against = (pointer: string, value: unknown, closed: boolean): string[] => {
    const validate = ajv.compile({
      allOf: [{ $ref: `spec#${pointer}` }],
      ...(closed ? { unevaluatedProperties: false } : {}),
    });
    return validate(value) ? [] : [`${pointer}: ${ajv.errorsText(validate.errors)}`];
  };
  // The more literal template first: `/invoices/failed` before `/invoices/{invoiceReferenceNumber}`.
  const templates = Object.keys(document.paths).sort(
    (left, right) => left.split('{').length - right.split('{').length,
  );
  const find = (seen: Seen) => {
    const path = seen.path.replace(/^\/v2/, '').replace(/\?.*$/, '');
    const method = seen.method.toLowerCase();
    for (const template of templates.filter((known) => patternOf(known).test(path))) {
      const found = document.paths[template]?.[method];
      if (found !== undefined) return { found, pointer: `/paths/${escaped(template)}/${method}` };
    }
    return null;
  };
  return {
    request: (seen) => {
      const known = find(seen);
      if (known === null) return [`${seen.method} ${seen.path} is not in the specification`];
      const xml = seen.headers['content-type'] === 'application/xml';
      const body = `${known.pointer}/requestBody/content/application~1${xml ? 'xml' : 'json'}/schema`;
      const text = seen.body.toString();
      return [
        ...(known.found.requestBody === undefined
          ? seen.body.length > 0
            ? ['a body where none belongs']
            : []
          : against(body, xml ? text : JSON.parse(text), !xml)),
        ...parametersOf(known.found.parameters, seen).flatMap(([index, value]) =>
          against(`${known.pointer}/parameters/${index}/schema`, value, false),
        ),
        ...((known.found.security === undefined) === (seen.headers.authorization === undefined)
          ? []
          : ['a token where none belongs, or none where one does']),
      ];
    },
    answer: (seen, reply) => {
      const known = find(seen);
      const status = String(reply.status ?? 200);
      if (known?.found.responses[status] === undefined) return [`${seen.path} never answers ${status}`];
      if (reply.json === undefined) return [];
      const pointer = `${known.pointer}/responses/${status}/content/application~1json/schema`;
      return against(pointer, reply.json, false);
    },
  };
}

/** OpenAPI 3.0 says `nullable` where JSON Schema wants a type of its own. */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mended(inner)]),
  );
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

function escaped(path: string): string {
  return encodeURIComponent(path.replaceAll('/', '~1'));
}

/** Values of query and header parameters that were given, by the parameter's place in the list. */
function parametersOf(parameters: readonly z.infer<typeof parameter>[], seen: Seen): [number, unknown][] {
  const query = new URL(seen.path, 'http://ksef').searchParams;
  return parameters.flatMap(({ name, in: place }, index): [number, unknown][] => {
    const value = place === 'query' ? query.get(name) : place === 'header' ? seen.headers[name] : null;
    if (value === null || value === undefined) return [];
    return [[index, /^\d+$/.test(String(value)) ? Number(value) : value]];
  });
}
