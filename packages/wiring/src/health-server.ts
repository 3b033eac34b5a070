/** `/healthz`, `/readyz` and `/metrics` of a process that has no API, for orchestrators and Prometheus. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export interface HealthServer {
  close(): Promise<void>;
}

interface Metrics {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** Listens nowhere when there is no port. `ready` answers in words, and rejects where it is not. */
export async function startHealthServer(
  port: number | null,
  ready: () => Promise<string>,
  metrics: Metrics,
): Promise<HealthServer> {
  if (port === null) return { close: async () => {} };
  const server = createServer(
    (request, response) => void answer(request.url ?? '', response, ready, metrics),
  );
  server.listen(port);
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  path: string,
  response: ServerResponse,
  ready: () => Promise<string>,
  metrics: Metrics,
): Promise<void> {
  try {
    if (path === '/healthz') return say(response, 200, 'text/plain', 'ok\n');
    if (path === '/metrics') return say(response, 200, metrics.contentType, await metrics.metrics());
    if (path !== '/readyz') return say(response, 404, 'text/plain', 'nothing here\n');
    say(response, 200, 'text/plain', `${await ready()}\n`);
  } catch {
    say(response, 503, 'text/plain', 'not ready\n');
  }
}

function say(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}
