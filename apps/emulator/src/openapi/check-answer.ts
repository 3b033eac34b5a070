import type { Exchange } from '../http/exchange.ts';
import type { ResponseSpec } from './document.ts';
import type { MatchedOperation } from './match.ts';
import type { Checker } from './validators.ts';

/** What is wrong with the answer side of an exchange. */
export function checkAnswer(check: Checker, { spec }: MatchedOperation, exchange: Exchange): string[] {
  const documented = spec.responses[String(exchange.status)];
  if (documented === undefined) return [`answer status ${exchange.status} is not documented`];
  return [...checkHeaders(check, documented, exchange), ...checkBody(check, documented, exchange)];
}

function checkHeaders(check: Checker, documented: ResponseSpec, exchange: Exchange): string[] {
  return Object.entries(documented.headers ?? {}).flatMap(([name, { schema }]) => {
    const given = exchange.responseHeaders[name.toLowerCase()];
    if (given === undefined) return name === 'Retry-After' ? ['answer header Retry-After is missing'] : [];
    const value = /^\d+$/.test(String(given)) ? Number(given) : String(given);
    return check(schema, value, `answer header ${name}`);
  });
}

function checkBody(check: Checker, documented: ResponseSpec, exchange: Exchange): string[] {
  const body = exchange.responseBody;
  const types = Object.keys(documented.content);
  if (types.length === 0) return body === undefined ? [] : ['answer body: none is documented'];
  const type =
    String(exchange.responseHeaders['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? '';
  const content = documented.content[type];
  if (content === undefined) return [`answer content type ${type || '(none)'} is not documented`];
  return content.schema === undefined ? [] : check(content.schema, body, 'answer body');
}
