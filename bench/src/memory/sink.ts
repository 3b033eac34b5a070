/** Storage that takes parts and keeps nothing of them. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface Sink {
  readonly url: string;
  receivedBytes(): number;
  close(): Promise<void>;
}

export async function openSink(): Promise<Sink> {
  let receivedBytes = 0;
  const server = createServer(async (request, response) => {
    for await (const chunk of request) receivedBytes += chunk.length;
    response.writeHead(201).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the storage has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    receivedBytes: () => receivedBytes,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
