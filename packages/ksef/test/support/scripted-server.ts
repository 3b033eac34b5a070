import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A request as it came in. */
export interface Seen {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  body?: string | Buffer;
  /** What goes wrong: the connection is cut before or amid the answer, or no answer ever comes. */
  mishap?: 'cut' | 'cut-amid' | 'silence';
}

export type Script = (seen: Seen) => Reply | Promise<Reply>;

export interface ScriptedServer {
  origin: string;
  seen: Seen[];
  /** What answers from now on. */
  script: Script;
  stop(): Promise<void>;
}

/** A real HTTP server on loopback that answers as told. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const scripted: Omit<ScriptedServer, 'origin' | 'stop'> = { seen: [], script };
  const server = createServer((request, response) => {
    void receive(request)
      .then(async (seen) => {
        scripted.seen.push(seen);
        answer(response, await scripted.script(seen));
      })
      .catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(scripted, { origin: originOf(server), stop: () => stop(server) });
}

async function receive(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply.mishap === 'silence') return;
  if (reply.mishap === 'cut') {
    response.destroy();
    return;
  }
  const body = reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json);
  const type = reply.json === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(reply.status ?? 200, {
    ...type,
    'content-length': String(Buffer.byteLength(body)),
    ...reply.headers,
  });
  if (reply.mishap !== 'cut-amid') {
    response.end(body);
    return;
  }
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  return `http://127.0.0.1:${address.port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
