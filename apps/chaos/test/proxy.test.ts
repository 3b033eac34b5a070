import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Phase, Point } from '../src/faults.ts';
import { watchFor } from '../src/points.ts';
import { type Link, openLink } from '../src/proxy.ts';

/** Answers `re:` and what it was sent, and remembers it. */
let server: Server;
let link: Link;
let received: string;
let clients: Socket[];

beforeEach(async () => {
  received = '';
  clients = [];
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received += bytes;
      socket.write(`re:${bytes}`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  link = await openLink(typeof address === 'object' && address !== null ? address.port : 0);
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await link.close();
  server.close();
});

function dialled(): Socket {
  const socket = connect(link.port, '127.0.0.1');
  socket.on('error', () => {});
  clients.push(socket);
  return socket;
}

async function dial(): Promise<Socket> {
  const socket = dialled();
  await once(socket, 'connect');
  return socket;
}

/** However it goes. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = await once(socket, 'data');
  return String(bytes);
}

describe('a link', () => {
  it('passes everything on, both ways', async () => {
    expect(await ask(await dial(), 'hello')).toBe('re:hello');
    expect(link.harmed()).toBe(0);
  });

  it('tears what is open and lets nothing new in while it is cut', async () => {
    const socket = await dial();
    await ask(socket, 'hello');
    const torn = gone(socket);
    link.put({ name: 'cut' });
    await torn;
    await gone(dialled());
    link.lift();
    expect(await ask(await dial(), 'again')).toBe('re:again');
    expect(link.harmed()).toBe(2);
  });

  it('lets requests through and no answers while it is mute, and tears them at the end', async () => {
    const socket = await dial();
    await ask(socket, 'one,');
    link.put({ name: 'mute' });
    const torn = gone(socket);
    let answered = false;
    socket.once('data', () => {
      answered = true;
    });
    socket.write('two');
    await until(() => link.harmed() > 0);
    link.lift();
    await torn;
    expect([received, answered]).toEqual(['one,two', false]);
  });

  it('swallows both ways as a black hole', async () => {
    const socket = await dial();
    await ask(socket, 'one,');
    link.put({ name: 'black-hole' });
    socket.write('two');
    await until(() => link.harmed() > 0);
    const torn = gone(socket);
    link.lift();
    await torn;
    expect(received).toBe('one,');
  });

  it('keeps the order of what it makes late', async () => {
    const socket = await dial();
    link.put({ name: 'slow', delayMs: 5 });
    socket.write('a');
    await until(() => link.harmed() > 0);
    link.lift();
    socket.write('b');
    await until(() => received.length === 2);
    expect(received).toBe('ab');
  });
});

describe('a point', () => {
  const CLOSE = 'POST /v2/sessions/batch/ref-1/close HTTP/1.1\r\n\r\n';
  const at = (phase: Phase): Point => ({ at: 'call', call: 'batch-close', phase, bytes: 0 });

  it.each([
    ['before', '', 0],
    ['sent', CLOSE, 1],
    ['answered', CLOSE, 0],
    ['read', CLOSE, 1],
  ] as const)('strikes once, %s', async (phase, arrives, answers) => {
    let strikes = 0;
    watchFor(link, at(phase), () => {
      strikes += 1;
    });
    const socket = await dial();
    expect(await ask(socket, 'GET /v2/sessions/ref-1 HTTP/1.1\r\n\r\n')).toContain('re:GET');
    received = '';
    let answered = 0;
    socket.on('data', () => {
      answered += 1;
    });
    socket.write(CLOSE);
    await until(() => strikes === 1);
    if (answers > 0) await until(() => answered === answers);
    expect([received, answered]).toEqual([arrives, answers]);
    await ask(await dial(), CLOSE);
    expect(strikes).toBe(1);
  });

  it('comes after so many bytes of a body', async () => {
    let strikes = 0;
    watchFor(link, { at: 'call', call: 'upload', phase: 'bytes', bytes: 60 }, () => {
      strikes += 1;
    });
    const socket = await dial();
    await ask(socket, 'PUT /storage/a/1 HTTP/1.1\r\n\r\n');
    expect(strikes).toBe(0);
    await ask(socket, 'x'.repeat(60));
    await until(() => strikes === 1);
  });

  it('is found in the middle of a COMMIT, after some others', async () => {
    let strikes = 0;
    watchFor(link, { at: 'query', phase: 'before', skip: 1, text: 'COMMIT\0' }, () => {
      strikes += 1;
    });
    const socket = await dial();
    await ask(socket, 'Q\0\0\0\x0bBEGIN\0');
    await ask(socket, 'Q\0\0\0\x0bCOMMIT\0');
    expect(strikes).toBe(0);
    socket.write('Q\0\0\0\x0bCOMMIT\0');
    await until(() => strikes === 1);
    expect(received.match(/COMMIT/g)).toHaveLength(1);
  });

  it('can keep back what was not to arrive, until it may', async () => {
    let strikes = 0;
    const release = Promise.withResolvers<void>();
    const strike = (): void => {
      strikes += 1;
    };
    watchFor(link, at('before'), strike, release.promise);
    const socket = await dial();
    socket.write(CLOSE);
    await until(() => strikes === 1);
    socket.write('more');
    expect(received).toBe('');
    release.resolve();
    await until(() => received === `${CLOSE}more`);
  });

  it('is given up where nobody waits for it any more', async () => {
    let strikes = 0;
    const unwatch = watchFor(link, at('before'), () => {
      strikes += 1;
    });
    unwatch();
    expect(await ask(await dial(), CLOSE)).toBe(`re:${CLOSE}`);
    expect(strikes).toBe(0);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
