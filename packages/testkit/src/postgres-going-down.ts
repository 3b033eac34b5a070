/** A PostgreSQL in its last moment: its answer that ends connecting and its word that it goes down come in one piece. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface PostgresGoingDown {
  readonly url: string;
  close(): Promise<void>;
}

export async function startPostgresGoingDown(): Promise<PostgresGoingDown> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(LAST_WORDS));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  return {
    url: `postgres://nobody:nothing@127.0.0.1:${address.port}/wsad`,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A message of PostgreSQL's protocol, version 3: its letter, its length with the length itself, its body. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const LAST_WORDS = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('Z', Buffer.from('I')),
  message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0')),
]);
