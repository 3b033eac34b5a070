import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and its server, so that a test can cut them off from each other. */
export interface TcpProxy {
  readonly port: number;
  /** The address of the server with the proxy in its place. */
  through(url: string): string;
  /** Ends every connection, and refuses new ones until `restore`. */
  cut(): Promise<void>;
  /** Ends every connection once so many bytes more have come from clients; new ones are let through. */
  cutAfter(bytes: number): void;
  /** Nothing goes either way any more on connections that are there, and nobody is told. */
  freeze(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** What becomes of what a client sends, piece by piece; it goes on as it is where nothing is said. */
  readonly rewrite?: (bytes: Buffer) => Buffer;
}

/** `server` is its address, such as `postgres://…`: host and port are taken from it. */
export async function startTcpProxy(
  server: string,
  { rewrite = (bytes) => bytes }: TcpProxyOptions = {},
): Promise<TcpProxy> {
  const { hostname, port: serverPort } = new URL(server);
  const open = new Set<Socket>();
  let bytesLeft = Number.POSITIVE_INFINITY;
  const endAll = (): void => {
    bytesLeft = Number.POSITIVE_INFINITY;
    for (const socket of open) socket.destroy();
  };
  const passOn = (client: Socket): void => {
    const upstream = connect(Number(serverPort), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      const passed = chunk.subarray(0, Math.min(chunk.length, bytesLeft));
      bytesLeft -= chunk.length;
      if (passed.length > 0) upstream.write(rewrite(passed));
      if (bytesLeft <= 0) endAll();
    });
    upstream.pipe(client);
  };
  let listening = await listen(passOn, 0);
  const { port } = listening;
  return {
    port,
    through(url) {
      const own = new URL(url);
      own.host = `127.0.0.1:${port}`;
      return own.href;
    },
    async cut() {
      listening.server.close();
      endAll();
      await once(listening.server, 'close');
    },
    cutAfter(bytes) {
      bytesLeft = bytes;
    },
    freeze() {
      for (const socket of open) {
        socket.unpipe();
        socket.pause();
      }
    },
    async restore() {
      listening = await listen(passOn, port);
    },
    async close() {
      listening.server.close();
      endAll();
    },
  };
}

async function listen(
  passOn: (client: Socket) => void,
  port: number,
): Promise<{ server: Server; port: number }> {
  const server = createServer(passOn).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no TCP address');
  return { server, port: address.port };
}
