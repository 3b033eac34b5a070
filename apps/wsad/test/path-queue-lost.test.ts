import { describeWithRedis } from '@wsad/testkit';
import { afterEach, expect, it } from 'vitest';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

describeWithRedis('a Redis that loses everything', () => {
  let system: System;
  afterEach(() => system.close());

  it('costs nothing that was accepted: the poller rings for it again', async () => {
    system = await startSystem({ queue: 'redis', workers: 0, pollers: 0, wire });
    const { api } = system;
    const sellers = [newSeller(), newSeller()];
    for (const nip of sellers) await api.putToken(nip);
    const answers = [
      await api.submit(sellers[0]!, invoicesOf(sellers[0]!, 50, 'FV')),
      await api.submit(sellers[1]!, invoicesOf(sellers[1]!, 3, 'FV')),
    ];
    await system.loseQueue();
    await system.startWorker();
    await system.startPoller();
    for (const { submissionId } of answers) await api.atRest(submissionId);
    await expectRegisteredOnce(system, sellers[0]!, invoicesOf(sellers[0]!, 50, 'FV'));
    await expectRegisteredOnce(system, sellers[1]!, invoicesOf(sellers[1]!, 3, 'FV'));
  });

  it('costs nothing that is on its way, whatever step it has just taken', async () => {
    system = await startSystem({ queue: 'redis', workers: 3, pollers: 2, wire });
    const { api, emulator } = system;
    const losses: Promise<void>[] = [];
    system.onEvent(({ type }) => {
      if (['submission.accepted', 'session.claimed', 'session.opened', 'session.closed'].includes(type))
        losses.push(system.loseQueue());
    });
    const sellers = Array.from({ length: 4 }, () => newSeller());
    for (const nip of sellers) await api.putToken(nip);
    const answers = await Promise.all(
      sellers.map((nip, place) => api.submit(nip, invoicesOf(nip, 3 + 2 * place, 'FV'))),
    );
    for (const { submissionId } of answers) await api.atRest(submissionId, 25_000);
    await Promise.all(losses);
    expect(losses.length).toBeGreaterThanOrEqual(16);
    for (const [place, nip] of sellers.entries())
      await expectRegisteredOnce(system, nip, invoicesOf(nip, 3 + 2 * place, 'FV'));
    expect(emulator.control.stats()).toMatchObject({ sessions: { batch: 2, online: 2 }, rateLimited: 0 });
  });
});
describeWire(wire);
