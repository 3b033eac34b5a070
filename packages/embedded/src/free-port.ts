import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out by themselves, so that no connection going out takes a port before its server
 * listens, or while it is away; past the last that fetch refuses (10080).
 */
const FIRST = 15_000;
const LAST = 31_000;
/** A server asks for a few and starts on them at once: what was given this long ago needs no keeping. */
const KEPT = 64;

let next = randomInt(FIRST, LAST);
const kept: Socket[] = [];

/**
 * A TCP port of 127.0.0.1 that nothing listens on right now, and that neither this process nor another one that asked
 * here was given just before: its UDP twin stays bound, which is how processes see each other's ports while no server
 * listens on them yet.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1;
    const port = next;
    const twin = await bound(port);
    if (twin === null) continue;
    if (await isFreePort(port)) {
      keep(twin);
      return port;
    }
    twin.close();
  }
}

function keep(twin: Socket): void {
  kept.push(twin.unref());
  if (kept.length > KEPT) kept.shift()?.close();
}

async function bound(port: number): Promise<Socket | null> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch {
    socket.close();
    return null;
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
