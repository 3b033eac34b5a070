import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out by themselves, so that no connection going out takes a port before its server
 * listens, or while it is away; past the last that fetch refuses (10080).
 */
const FIRST = 15_000;
const LAST = 31_000;

let next = randomInt(FIRST, LAST);

/**
 * A TCP port of 127.0.0.1 that nothing listens on right now, and that this process was not given just before. Another
 * process may take it before you do.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1;
    const port = next;
    if (await isFreePort(port)) return port;
  }
}

export async function isFreePort(port: number): Promise<boolean> {
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
