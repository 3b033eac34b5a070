import { fork } from 'node:child_process';
import { once } from 'node:events';
import { done } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { queuesForBoard } from '../src/index.ts';
import { onBothBackends } from './backends.ts';
import { inbox } from './inbox.ts';

onBothBackends('workers', (queue) => {
  it('take over within ten seconds from one that was killed', { timeout: 60_000 }, async () => {
    const child = fork(new URL('./hanging-worker.ts', import.meta.url), [queue.url()]);
    await once(child, 'message');
    await queue.doorbell().send('s-1');
    await once(child, 'message');
    const runs = inbox<string>();
    await queue.work({
      send: async ({ sessionId }) => {
        runs.put(sessionId);
        return done;
      },
    });
    child.kill('SIGKILL');
    const killedAt = performance.now();
    await once(child, 'exit');
    expect(await runs.take()).toBe('s-1');
    expect(performance.now() - killedAt).toBeLessThan(10_000);
  });

  it('finish what runs before they close, and take nothing more', async () => {
    const runs = inbox<string>();
    const finish = Promise.withResolvers<void>();
    const workers = await queue.work(
      {
        send: async ({ sessionId }) => {
          runs.put(sessionId);
          await finish.promise;
          return done;
        },
      },
      { concurrency: { send: 1 } },
    );
    await queue.doorbell().send('s-1');
    await runs.take();
    await queue.doorbell().send('s-2');
    const closed = workers.close(20_000);
    finish.resolve();
    await closed;
    const { send } = await queue.connection().counts();
    expect(send).toMatchObject({ active: 0, waiting: 1 });
    expect(runs.all).toEqual(['s-1']);
  });

  it('let go of what does not finish in time', async () => {
    const runs = inbox<string>();
    const workers = await queue.work({
      send: ({ sessionId }) => {
        runs.put(sessionId);
        return new Promise(() => undefined);
      },
    });
    await queue.doorbell().send('s-1');
    await runs.take();
    await workers.close(50);
    expect((await queue.connection().counts()).send.active).toBe(1);
  });

  it('end what can be interrupted, so that nobody has to wait for its lock', async () => {
    const runs = inbox<string>();
    const interrupted = Promise.withResolvers<void>();
    const workers = await queue.work({
      send: async ({ sessionId }) => {
        runs.put(sessionId);
        await interrupted.promise;
        return done;
      },
    });
    await queue.doorbell().send('s-1');
    await runs.take();
    await workers.close(50, async () => interrupted.resolve());
    expect((await queue.connection().counts()).send.active).toBe(0);
  });
});

onBothBackends('Bull Board', (queue) => {
  it('sees every queue and its jobs', async () => {
    await queue.doorbell().send('s-1');
    await queue.doorbell().dispatch({ nip: '5265877635', form: 'FA (3)', mode: 'online' });
    const boards = queuesForBoard(queue.connection());
    expect(boards.map((board) => board.getName())).toEqual([
      'dispatch',
      'send',
      'follow',
      'login',
      'receipt',
      'confirmation',
      'authSessions',
      'webhook',
    ]);
    const send = boards.find((board) => board.getName() === 'send');
    expect(await send?.getJobCounts()).toMatchObject({ waiting: 1 });
    const jobs = await send?.getJobs(['waiting']);
    expect(jobs?.map(({ data }) => data)).toEqual([{ sessionId: 's-1' }]);
    await eventually(async () => (await send?.isPaused()) === false);
  });
});
