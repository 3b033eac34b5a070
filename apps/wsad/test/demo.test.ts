import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@wsad/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { type NpmGroup, processesOf, startNpm } from './support/npm-group.ts';

/** A folder for everything temporary that the command makes; it must be left empty. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wsad-demo-test-'));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function nothingLeft(demo: NpmGroup, folder: string): Promise<void> {
  const left = () => processesOf(demo.pid, new RegExp(folder));
  await eventually(async () => (await left()).length === 0, { what: 'the end of everything it started' });
  const names = await readdir(folder);
  // npm keeps its own compiled code there.
  expect(names.filter((name) => name !== 'node-compile-cache')).toEqual([]);
}

/** Taken for the length of the test, by us or by whoever had it before. */
async function take(port: number): Promise<void> {
  const holder = createServer().listen(port, '127.0.0.1');
  onTestFinished(async () => {
    holder.close();
  });
  await Promise.race([once(holder, 'listening'), once(holder, 'error')]).catch(() => undefined);
}

it('sends everything, says so in the last line, and leaves nothing behind; on free ports where its own are taken', {
  timeout: 90_000,
}, async () => {
  await Promise.all([take(8080), take(8088)]);
  const folder = await temporaryFolder();
  const args = ['--json', '--invoices', '61', '--sellers', '3', '--speed', 'instant'];
  const demo = startNpm('demo', args, { TMPDIR: folder });
  expect(await demo.ended, demo.output()).toEqual({ code: 0, signal: null });
  const summary: unknown = JSON.parse(demo.stdout().trimEnd().split('\n').at(-1) ?? '');
  expect(summary).toEqual({
    invoices: 61,
    sellers: 3,
    cleared: 61,
    rejected: 0,
    batchSessions: 3,
    interactiveSessions: 0,
    elapsedMs: expect.any(Number),
    acceptedMs: expect.any(Number),
    lastAcceptedToLastNumberMs: expect.any(Number),
    rateLimited: 0,
  });
  expect(summary).toSatisfy(
    ({ acceptedMs, elapsedMs }: { acceptedMs: number; elapsedMs: number }) =>
      0 < acceptedMs && acceptedMs <= elapsedMs && elapsedMs < 60_000,
  );
  const port = Number(/wsad is at http:\/\/127\.0\.0\.1:(\d+)/.exec(demo.output())?.[1]);
  expect([8080, 8088]).not.toContain(port);
  await nothingLeft(demo, folder);
});

it('ends on Ctrl+C in the middle, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const demo = startNpm('demo', ['--invoices', '200'], { TMPDIR: folder });
  await demo.saying(/(sending \.\.\.)/);
  demo.signal('SIGINT', 'group');
  expect((await demo.ended).code).toBe(130);
  await nothingLeft(demo, folder);
});

it('answers options that it does not understand in one clear line', async () => {
  const wrong: [string[], string][] = [
    [['--invoices', 'many'], '--invoices is a whole number from 1 to 200000'],
    [['--invoices', '2', '--sellers', '3'], 'there must be at least one invoice a seller'],
    [['--speed', 'fast'], '--speed is instant or realistic'],
    [['--jsn'], "Unknown option '--jsn'"],
  ];
  const refused = wrong.map(([args, line]) => ({ demo: startNpm('demo', args, {}), line }));
  for (const { demo, line } of refused) {
    expect(await demo.ended).toEqual({ code: 1, signal: null });
    expect(demo.output().trimEnd().split('\n')).toEqual([expect.stringContaining(line)]);
  }
});
