/** Stands before the API, passes a call on, and once it is answered breaks the line instead of telling. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface DeafProxy {
  readonly url: string;
  close(): Promise<void>;
}

export async function startDeafProxy(apiUrl: string, onAnswered: () => void): Promise<DeafProxy> {
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const passedOn = ['authorization', 'content-type', 'idempotency-key'].map((name) => [
      name,
      String(headers[name]),
    ]);
    const body = await buffer(request);
    const answer = await fetch(apiUrl + url, { method, headers: Object.fromEntries(passedOn), body });
    await answer.arrayBuffer();
    onAnswered();
    response.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
