import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findFreePort, isFreePort } from '../src/index.ts';

it('gives no port that another process was given and has not begun to listen on', async () => {
  const given = await findFreePort();
  // What the other process would keep bound.
  const kept = createSocket('udp4').bind({ port: given + 1, address: '127.0.0.1', exclusive: true });
  onTestFinished(() => void kept.close());
  await once(kept, 'listening');
  expect(await isFreePort(given + 1)).toBe(true);
  expect(await findFreePort()).not.toBe(given + 1);
});

it('keeps off ports that are listened on, and gives more than it keeps', async () => {
  const given = await findFreePort();
  const listening = createServer().listen(given + 1, '127.0.0.1');
  onTestFinished(() => void listening.close());
  await once(listening, 'listening');
  const ports: number[] = [];
  for (let asked = 0; asked < 100; asked += 1) ports.push(await findFreePort());
  expect(new Set(ports).size).toBe(100);
  expect(ports).not.toContain(given + 1);
  expect(ports).not.toContain(given);
});
