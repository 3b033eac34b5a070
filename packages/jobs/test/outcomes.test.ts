import { done, type Outcome, snooze } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { onBothBackends } from './backends.ts';
import { inbox } from './inbox.ts';

const lane = { nip: '5265877635', form: 'FA (3)', mode: 'online' } as const;
const tomorrow = (): Date => new Date(Date.now() + 86_400_000);
const soon = (ms: number): Date => new Date(Date.now() + ms);
/** Makes a first back-off of minutes, so that nothing but a ring can explain an early run. */
const minutesOfBackoff = (): number => 1_000;

onBothBackends('outcome of a job', (queue) => {
  it('done: runs once for each ring, with the payload that was rung', async () => {
    const runs = inbox<unknown>();
    const take = async (payload: unknown): Promise<Outcome> => {
      runs.put(payload);
      return done;
    };
    await queue.work({ dispatch: take, send: take, follow: take, login: take, receipt: take });
    const bell = queue.doorbell();
    const rings = [
      () => bell.dispatch(lane),
      () => bell.send('s-1'),
      () => bell.follow('s-2'),
      () => bell.login('5265877635'),
      () => bell.invoiceReceipt('i-1'),
    ];
    for (const ring of rings) await ring();
    const seen = [];
    for (const _ of rings) seen.push(await runs.take());
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(
      expect.arrayContaining([
        lane,
        { sessionId: 's-1' },
        { sessionId: 's-2' },
        { nip: '5265877635' },
        { invoiceId: 'i-1' },
      ]),
    );
  });

  it('snooze: runs again at its time and not before', async () => {
    const runs = inbox<number>();
    const until = soon(300);
    await queue.work({
      send: async () => {
        runs.put(Date.now());
        return runs.all.length === 1 ? snooze(until, 'a neighbour may come') : done;
      },
    });
    await queue.doorbell().send('s-1');
    await runs.take();
    expect(await runs.take()).toBeGreaterThanOrEqual(until.getTime());
    expect(queue.events().all).toContainEqual({
      type: 'job.snoozed',
      queue: 'send',
      why: 'a neighbour may come',
    });
  });

  it('snooze: one that is short for its kind is waited out in place, and is no job of its own', async () => {
    const looks = inbox<number>();
    const until = soon(100);
    await queue.work({
      follow: async () => {
        const { active, waiting, delayed } = (await queue.connection().counts()).follow;
        looks.put(active + waiting + delayed);
        return looks.all.length === 1 ? snooze(until, 'KSeF has only just begun') : done;
      },
    });
    await queue.doorbell().follow('s-1');
    expect([await looks.take(), await looks.take()]).toEqual([1, 1]);
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
  });

  it('snooze: the newest time stands, and only one run waits for it', async () => {
    const runs = inbox<number>();
    const until = soon(500);
    await queue.work({
      send: async () => {
        runs.put(Date.now());
        if (runs.all.length === 1) return snooze(tomorrow(), 'first opinion');
        return runs.all.length === 2 ? snooze(until, 'second opinion') : done;
      },
    });
    await queue.doorbell().send('s-1');
    await runs.take();
    await queue.doorbell().send('s-1');
    await runs.take();
    expect(await runs.take()).toBeGreaterThanOrEqual(until.getTime());
    await eventually(async () => {
      const { send } = await queue.connection().counts();
      return send.delayed + send.waiting + send.active === 0;
    });
  });

  it('snooze: a ring while snoozed runs now, not at the end of the snooze', async () => {
    const runs = inbox<string>();
    await queue.work({
      dispatch: async () => {
        runs.put('run');
        return snooze(tomorrow(), 'nothing due before');
      },
    });
    await queue.doorbell().dispatch(lane);
    await runs.take();
    await eventually(async () => (await queue.connection().counts()).dispatch.delayed === 1);
    await queue.doorbell().dispatch(lane);
    await runs.take();
  });

  it('snooze: a ring during a run that ends in a snooze runs at once', async () => {
    const runs = inbox<string>();
    const rung = Promise.withResolvers<void>();
    await queue.work({
      dispatch: async () => {
        runs.put('run');
        await rung.promise;
        return snooze(tomorrow(), 'nothing was due when it looked');
      },
    });
    await queue.doorbell().dispatch(lane);
    await runs.take();
    await queue.doorbell().dispatch(lane);
    rung.resolve();
    await runs.take();
  });

  it('retry: backs off and runs again', async () => {
    const runs = inbox<string>();
    await queue.work({
      send: async () => {
        runs.put('run');
        return runs.all.length === 1 ? { kind: 'retry', error: new Error('connection lost') } : done;
      },
    });
    await queue.doorbell().send('s-1');
    await runs.take();
    await runs.take();
    expect(queue.events().all).toContainEqual({
      type: 'job.failed',
      queue: 'send',
      message: 'connection lost',
    });
  });

  it('retry: an exception counts as one, and a ring brings the next try forward', async () => {
    const runs = inbox<string>();
    await queue.work(
      {
        send: async () => {
          runs.put('run');
          if (runs.all.length === 1) throw new Error('boom');
          return done;
        },
      },
      { random: minutesOfBackoff },
    );
    await queue.doorbell().send('s-1');
    await runs.take();
    await eventually(async () => (await queue.connection().counts()).send.delayed === 1);
    await queue.doorbell().send('s-1');
    await runs.take();
    expect(queue.events().all).toContainEqual({ type: 'job.failed', queue: 'send', message: 'boom' });
  });

  it('a payload that does not fit fails for good, unseen by the handler', async () => {
    const runs = inbox<string>();
    await queue.work({
      send: async () => {
        runs.put('run');
        return done;
      },
    });
    await queue.connection().queue('send').add('ring', { session: 7 }, { attempts: 5 });
    await eventually(async () => (await queue.connection().counts()).send.failed === 1);
    expect(runs.all).toEqual([]);
    const failed = await queue.events().find((event) => event.type === 'job.failed');
    expect(failed.message).toMatch(/^payload refused: .*sessionId/);
  });
});
