import { done, type Outcome, snooze } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { onBothBackends } from './backends.ts';
import { inbox } from './inbox.ts';

onBothBackends('rings', (queue) => {
  it('rings that wait are one; a ring during a run is one more run', async () => {
    const runs = inbox<string>();
    const rung = Promise.withResolvers<void>();
    for (let ring = 0; ring < 5; ring += 1) await queue.doorbell().send('s-1');
    await queue.work({
      send: async () => {
        runs.put('run');
        await rung.promise;
        return done;
      },
    });
    await runs.take();
    for (let ring = 0; ring < 5; ring += 1) await queue.doorbell().send('s-1');
    rung.resolve();
    await runs.take();
    await eventually(async () => {
      const { send } = await queue.connection().counts();
      return send.waiting + send.active + send.delayed === 0;
    });
    expect(runs.all).toHaveLength(2);
  });

  it('no ring is lost and no id runs twice at once, with three workers and snoozes', async () => {
    const ids = ['a', 'b', 'c'];
    const told = new Map<string, number>();
    const seen = new Map<string, number>();
    const running = new Set<string>();
    const overlaps: string[] = [];
    let turn = 0;
    const outcomes: (() => Outcome)[] = [
      () => done,
      () => snooze(new Date(Date.now() + 86_400_000), 'long'),
      () => done,
      () => snooze(new Date(Date.now() + 5), 'short'),
    ];
    const handle = async ({ sessionId }: { sessionId: string }): Promise<Outcome> => {
      if (running.has(sessionId)) overlaps.push(sessionId);
      running.add(sessionId);
      seen.set(sessionId, told.get(sessionId) ?? 0);
      await queue.connection().counts();
      running.delete(sessionId);
      const outcome = outcomes[turn++ % outcomes.length];
      return outcome === undefined ? done : outcome();
    };
    for (let worker = 0; worker < 3; worker += 1) await queue.work({ send: handle });
    for (let ring = 1; ring <= 300; ring += 1) {
      const id = ids[ring % ids.length] ?? 'a';
      told.set(id, ring);
      const rung = queue.doorbell().send(id);
      if (ring % 7 === 0) await rung;
    }
    await eventually(() => ids.every((id) => seen.get(id) === told.get(id)), {
      what: 'a run that saw the last ring of each id',
    });
    expect(overlaps).toEqual([]);
    expect(queue.events().all.filter(({ type }) => type === 'ring.failed')).toEqual([]);
  });

  it('rings after closing are dropped without a complaint', async () => {
    const isThere = () =>
      queue
        .connection()
        .counts()
        .then(
          () => true,
          () => false,
        );
    await eventually(isThere, { what: 'a store that answers' });
    await queue.doorbell().close();
    await queue.doorbell().invoiceReceipt('i-1');
    expect((await queue.connection().counts()).receipt.waiting).toBe(0);
  });
});
