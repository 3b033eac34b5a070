/**
 * Ports for servers that come back in their place: below those that the system gives to outgoing connections, so that
 * none is taken while its server is away.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 10_000;
const LAST = 31_000;

let next = randomInt(FIRST, LAST);

export async function ownPort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1;
    if (await isFree(next)) return next;
  }
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
