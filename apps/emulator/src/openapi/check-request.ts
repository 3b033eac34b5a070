import type { Exchange } from '../http/exchange.ts';
import type { ParameterSpec, SchemaJson } from './document.ts';
import type { MatchedOperation } from './match.ts';
import type { Checker } from './validators.ts';

/** What is wrong with the request side of an exchange. */
export function checkRequest(check: Checker, operation: MatchedOperation, exchange: Exchange): string[] {
  return [
    ...checkToken(operation, exchange),
    ...checkParameters(check, operation, exchange),
    ...checkUnknownQuery(operation),
    ...checkBody(check, operation, exchange),
  ];
}

function checkToken({ spec }: MatchedOperation, { requestHeaders }: Exchange): string[] {
  const given = requestHeaders.authorization !== undefined;
  if (spec.security.length > 0 && !given) return ['request: the bearer token is missing'];
  if (spec.security.length === 0 && given) return ['request: a token where none belongs'];
  return [];
}

function checkParameters(check: Checker, operation: MatchedOperation, exchange: Exchange): string[] {
  return operation.spec.parameters.flatMap((parameter) => {
    const where = `request ${parameter.in} ${parameter.name}`;
    const values = valuesOf(parameter, operation, exchange);
    if (values.length === 0) return parameter.required ? [`${where} is missing`] : [];
    if (parameter.schema.type === 'array') return check(parameter.schema, values, where);
    return values.flatMap((value) => check(parameter.schema, typed(value, parameter.schema), where));
  });
}

function valuesOf(parameter: ParameterSpec, operation: MatchedOperation, exchange: Exchange): string[] {
  if (parameter.in === 'query') return operation.query.getAll(parameter.name);
  if (parameter.in === 'path') return [operation.pathParameters.get(parameter.name) ?? ''];
  const header = exchange.requestHeaders[parameter.name.toLowerCase()];
  return header === undefined ? [] : [header].flat();
}

/** Parameters travel as text; numbers and booleans are read from it, anything else stays a text. */
function typed(text: string, schema: SchemaJson): unknown {
  if (schema.type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function checkUnknownQuery({ spec, query }: MatchedOperation): string[] {
  const known = spec.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = [...new Set(query.keys())].filter((name) => !known.includes(name));
  return unknown.map((name) => `request query ${name} is not documented`);
}

function checkBody(check: Checker, { spec }: MatchedOperation, exchange: Exchange): string[] {
  const { requestBody: body } = exchange;
  if (!exchange.isBodyRead) return [];
  if (spec.requestBody === undefined) {
    return body === undefined || body === null || body === '' ? [] : ['request body: none is documented'];
  }
  const type =
    String(exchange.requestHeaders['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? '';
  const documented = spec.requestBody.content[type];
  if (documented === undefined) return [`request content type ${type || '(none)'} is not documented`];
  return documented.schema === undefined ? [] : check(documented.schema, body, 'request body');
}
