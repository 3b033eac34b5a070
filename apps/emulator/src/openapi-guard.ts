import type { Exchange } from './http/exchange.ts';
import { checkAnswer } from './openapi/check-answer.ts';
import { checkRequest } from './openapi/check-request.ts';
import { openApiShape } from './openapi/document.ts';
import { addLaterGroups } from './openapi/later-additions.ts';
import { createMatcher } from './openapi/match.ts';
import type { Mends } from './openapi/mend.ts';
import { createChecker } from './openapi/validators.ts';

export type { Exchange } from './http/exchange.ts';

/** Compares what goes over the wire with the official specification. */
export type OpenApiGuard = {
  /** Problems of both sides; empty for an exchange that is exactly as documented. */
  check(exchange: Exchange): string[];
  /** Problems of the answer alone, for requests that are wrong on purpose. */
  checkAnswer(exchange: Exchange): string[];
  /** Every operation of the specification, and how many exchanges it has seen. */
  coverage(): { operation: string; seen: number }[];
  /** What had to be put right in the specification before it could be used. */
  mends: readonly string[];
};

/**
 * Reads an OpenAPI 3.0 document (open-api 2.7.0 of KSeF) and mends its slips without loosening a check: unknown
 * properties, wrong types, missing fields and undocumented status codes are all problems.
 */
export function createOpenApiGuard(specJson: unknown): OpenApiGuard {
  const document = openApiShape.parse(structuredClone(specJson));
  const mends: Mends = [];
  addLaterGroups(document, mends);
  const checker = createChecker(document, mends);
  const matcher = createMatcher(document);
  const seen = new Map(matcher.names().map((name) => [name, 0]));

  function examine(exchange: Exchange, withRequest: boolean): string[] {
    const operation = matcher.match(exchange.method, exchange.path);
    if (operation === null) return [`${exchange.method} ${exchange.path} is not documented`];
    seen.set(operation.name, (seen.get(operation.name) ?? 0) + 1);
    const problems = checkAnswer(checker, operation, exchange);
    if (withRequest) problems.push(...checkRequest(checker, operation, exchange));
    return problems.map((text) => `${operation.name}: ${text}`);
  }

  return {
    check: (exchange) => examine(exchange, true),
    checkAnswer: (exchange) => examine(exchange, false),
    coverage: () => [...seen].map(([operation, times]) => ({ operation, seen: times })),
    mends,
  };
}
