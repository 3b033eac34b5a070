import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { describeWithRedis, startRedis, testRedis } from '../src/index.ts';

/** Sends Redis' inline commands and gives all it answers, once it has closed the connection. */
function ask(url: string, ...commands: string[]): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname).once('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer.replaceAll('\r\n', ' ').trim()));
    const select = pathname.length > 1 ? [`SELECT ${pathname.slice(1)}`] : [];
    socket.write([...select, ...commands, 'QUIT', ''].join('\r\n'));
  });
}

describeWithRedis('a Redis that the tests start', () => {
  it('gives every caller an empty database that it alone flushes', async () => {
    const [one, two] = await Promise.all([testRedis(), testRedis()]);
    expect(one.url).not.toBe(two.url);
    await ask(one.url, 'SET here 1');
    await ask(two.url, 'SET here 2');
    await one.flush();
    expect(await ask(one.url, 'DBSIZE')).toBe('+OK :0 +OK');
    expect(await ask(two.url, 'GET here')).toBe('+OK $1 2 +OK');
    await Promise.all([one.stop(), two.stop()]);
  });

  it('can be killed and brought back on the same port, having forgotten', async () => {
    const first = await startRedis();
    await ask(first.url, 'SET kept 1');
    await first.kill();
    await expect(ask(first.url, 'PING')).rejects.toThrow('ECONNREFUSED');
    const second = await startRedis({ port: first.port });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'GET kept')).toBe('$-1 +OK');
    await second.stop();
  });
});
