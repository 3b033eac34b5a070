import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves, so that no connection going out takes a port meanwhile. */
const FIRST_PORT = 15_000;
const END_OF_PORTS = 32_000;

/** A TCP port of 127.0.0.1 that nothing listens on right now. Another process may take it before you do. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(FIRST_PORT, END_OF_PORTS);
  return (await isFree(port)) ? port : findFreePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
