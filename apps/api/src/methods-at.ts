import type { FastifyInstance } from 'fastify';

/** Which methods an address has, so that a wrong one gets 405 and not 404. */
export function methodsByAddress(app: FastifyInstance): (path: string) => string[] {
  const routes: { methods: string[]; segments: string[] }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), segments: url.split('/') });
  });
  return (path) => {
    const segments = path.split('/');
    const methods = routes
      .filter((route) => matches(route.segments, segments))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

function matches(route: readonly string[], path: readonly string[]): boolean {
  const open = route.at(-1) === '*';
  if (open ? path.length < route.length : path.length !== route.length) return false;
  return route.every(
    (segment, index) => segment === '*' || segment.startsWith(':') || segment === path[index],
  );
}
