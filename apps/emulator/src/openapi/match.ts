import type { OpenApiDocument, OperationSpec } from './document.ts';

/** An operation with the values its path parameters have in one call. */
export type MatchedOperation = {
  name: string;
  spec: OperationSpec;
  pathParameters: Map<string, string>;
  query: URLSearchParams;
};

export type Matcher = {
  names(): string[];
  match(method: string, pathAndQuery: string): MatchedOperation | null;
};

type Route = { name: string; method: string; segments: string[]; spec: OperationSpec };

/** Finds the operation behind a call; a literal path wins over one with parameters. */
export function createMatcher(document: OpenApiDocument): Matcher {
  const routes = routesOf(document).sort((a, b) => parameterCount(a) - parameterCount(b));

  function match(method: string, pathAndQuery: string): MatchedOperation | null {
    const { pathname, searchParams: query } = new URL(pathAndQuery, 'http://ksef');
    const segments = pathname.replace(/^\/v2(?=\/)/, '').split('/');
    for (const { name, method: wanted, segments: template, spec } of routes) {
      const pathParameters = wanted === method ? valuesIn(template, segments) : null;
      if (pathParameters !== null) return { name, spec, pathParameters, query };
    }
    return null;
  }

  return { names: () => routes.map(({ name }) => name), match };
}

function routesOf(document: OpenApiDocument): Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, spec]) => {
      const method = verb.toUpperCase();
      return { name: `${method} ${path}`, method, segments: path.split('/'), spec };
    }),
  );
}

function parameterCount({ segments }: Route): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function valuesIn(template: string[], segments: string[]): Map<string, string> | null {
  if (template.length !== segments.length) return null;
  const values = new Map<string, string>();
  for (const [place, wanted] of template.entries()) {
    const given = segments[place] ?? '';
    if (wanted.startsWith('{')) values.set(wanted.slice(1, -1), decodeURIComponent(given));
    else if (wanted !== given) return null;
  }
  return values;
}
